-- Links by which an account's owner sets a new password, and mails to accounts: such a link, or word that the password changed.

create table password_reset (
    id uuid not null primary key,
    account_id uuid not null references account (id),
    -- SHA-256 of the token in the link, which is made from the installation's key
    token_hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index password_reset_by_account on password_reset (account_id, created_at);

alter table outbox add column account_id uuid references account (id);
alter table outbox add column password_reset_id uuid references password_reset (id);
-- what the mail tells besides, in the recipient's language: by which device
alter table outbox add column note text not null default '';
