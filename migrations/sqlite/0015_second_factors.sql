-- Second factors: authenticator apps, passkeys, recovery codes, and what is half done.

create table totp_factor (
    id blob not null primary key,
    account_id blob not null references account (id),
    name text not null,
    -- sealed; its row's id is part of the seal
    secret text not null,
    created_at text not null,
    last_used_at text,
    -- the step of 30 s whose code was accepted last: no code of it or an earlier one is accepted again
    last_step integer not null
);
create index totp_factor_by_account on totp_factor (account_id);

create table passkey (
    id blob not null primary key,
    account_id blob not null references account (id),
    name text not null,
    credential_id blob not null unique,
    -- public key, counter and flags, as webauthn-rs writes them
    credential text not null,
    created_at text not null,
    last_used_at text
);
create index passkey_by_account on passkey (account_id);

create table recovery_code (
    account_id blob not null references account (id),
    -- SHA-256 of the account and 140 random bits
    code_hash blob not null,
    created_at text not null,
    used_at text,
    primary key (account_id, code_hash)
);

-- What somebody has begun and not finished. Gone when it is done or has expired.
create table ceremony (
    id blob not null primary key,
    purpose text not null check (purpose in ('add_app', 'add_passkey', 'use_passkey', 'show_codes')),
    -- none: somebody who says who they are by their passkey
    account_id blob references account (id),
    -- by purpose: a sealed secret, what webauthn-rs expects back, or sealed recovery codes
    state text not null,
    expires_at text not null
);
create index ceremony_by_account on ceremony (account_id, purpose);
create index ceremony_by_expiry on ceremony (expires_at);
