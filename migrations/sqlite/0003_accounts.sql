-- People who can sign in, and their sessions.
create table accounts (
    id text primary key,
    -- lower case, trimmed: one account for each address
    email text not null unique,
    display_name text not null,
    -- JSON list of roles
    roles text not null,
    -- Argon2id, PHC text
    password_hash text not null,
    -- the TOTP seed, sealed with a key outside the database and bound to this row
    totp_sealed blob not null,
    -- the last time step whose code was accepted: a code works once
    totp_last_step integer not null default 0,
    -- wrong passwords and codes since the last full sign-in, and until when tries are not even looked at
    failures integer not null default 0,
    wait_until integer not null default 0,
    disabled_at integer,
    created_at integer not null
) strict;

create table sessions (
    -- SHA-256 of the cookie's value: the database never holds a value that signs anybody in
    token_hash blob primary key,
    account_id text not null references accounts (id),
    -- 'half' after the password, 'full' after the second step
    stage text not null check (stage in ('half', 'full')),
    created_at integer not null,
    seen_at integer not null,
    -- a message for the next page, as JSON
    flash text
) strict;

-- ending all sessions of one account
create index sessions_by_account on sessions (account_id);
