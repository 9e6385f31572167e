-- The second step and people's own accounts: setting it up, codes for a lost app, what people see of their sessions and
-- sign-ins, forms that are kept while somebody proves who they are, and changes of an e-mail address.

-- Sessions get columns that those under way cannot fill: everybody signs in once more.
delete from sessions;

-- when the authenticator app was proved to hold the seed; null until then
alter table accounts add column totp_enrolled_at bigint;
update accounts set totp_enrolled_at = created_at;
-- when a recovery code was used in place of the app: the old seed is dead, and another code is needed to set up a new one
alter table accounts add column totp_lost_at bigint;
-- how the authority reaches the person: a number or nothing, and 'email', 'phone' or 'letter'
alter table accounts add column phone text not null default '';
alter table accounts add column contact_by text not null default 'email';

-- what the person calls the session by; never signs anybody in
alter table sessions add column id text not null default '';
-- a half session that opens setting up the second step, and nothing else
alter table sessions add column may_set_up boolean not null default false;
-- wrong codes typed in this session: it ends with the sixth
alter table sessions add column wrong_codes bigint not null default 0;
-- when a code was last accepted in it: dangerous acts want one that is no older than ten minutes
alter table sessions add column proved_at bigint not null default 0;
-- set when it ended by itself; the row stays for a while, so that a form that comes too late is kept for its person
alter table sessions add column ended_at bigint;
-- for the person's own list: where it came from, and the browser in words
alter table sessions add column address text not null default '';
alter table sessions add column agent text not null default '';
create unique index sessions_by_id on sessions (id);

-- Codes that stand in for a lost authenticator app, once each. Making new ones deletes the old.
create table recovery_codes (
    account_id text not null references accounts (id),
    -- HMAC of the code with a key outside the database: 80 random bits need no slow hash
    tag text not null,
    made_at bigint not null,
    used_at bigint,
    primary key (account_id, tag)
);

-- Each full sign-in, for the person's own list. The newest of each account are kept.
create table sign_ins (
    session_id text primary key,
    account_id text not null references accounts (id),
    at bigint not null,
    address text not null,
    agent text not null,
    -- wrong passwords and codes since the sign-in before
    wrong_before bigint not null
);

-- the newest of one account
create index sign_ins_by_account on sign_ins (account_id, at);

-- Forms that came from somebody who had to prove first who they are: offered again afterwards, to the same person.
create table kept_forms (
    id text primary key,
    account_id text not null references accounts (id),
    -- only this session is given it, or one of the same person's after this one ended
    session_id text not null,
    -- where it was to be sent
    path text not null,
    -- the fields without passwords and codes, as JSON, sealed with the key outside the database and bound to this row
    sealed bytea not null,
    kept_at bigint not null
);

-- the forms of one person, oldest first
create index kept_forms_by_account on kept_forms (account_id, kept_at);

-- Changes of an e-mail address, each with a link that confirms it at the new one and a link that undoes it at the old.
create table email_changes (
    id text primary key,
    account_id text not null references accounts (id),
    old_email text not null,
    new_email text not null,
    -- SHA-256 of what the links hold
    confirm_hash bytea not null unique,
    undo_hash bytea not null unique,
    asked_at bigint not null,
    confirmed_at bigint,
    undone_at bigint
);

-- the changes of one account
create index email_changes_by_account on email_changes (account_id, asked_at);
