-- Addresses, details of checks, uploads and the texts of the audit trail are sealed with keys that the database does not hold: see
-- store::sealing for the columns. What is there already is sealed by the program at its next start, right after this.

-- tells which key that is; null until it was done, and while everything is sealed anew. Whoever has another key cannot commit.
alter table audit_head add column key_check text;

create function is_being_sealed() returns boolean language sql stable as $$
    select h.key_check is null from audit_head h where h.id = 1
$$;

-- Only then, and of nothing but where an address stands, do these triggers let go as well.
drop trigger evidence_refuses_update on evidence;
create trigger evidence_refuses_update before update on evidence for each row
    when (not (old.kind = 'password_manager_member' and is_being_sealed() and to_jsonb(old) - 'body' = to_jsonb(new) - 'body'))
    execute function refuse_change_except_for_pseudonyms('body');

drop trigger member_refuses_update on member;
create trigger member_refuses_update before update on member for each row
    when (not (is_being_sealed() and to_jsonb(old) - '{email,name}'::text[] = to_jsonb(new) - '{email,name}'::text[])
        and not is_member_pseudonym(old, new))
    execute function refuse_change_of_applied_member();
