-- The authority's register of children and young people.
create table children (
    id text primary key,
    -- short, unique, said on the telephone
    reference text not null unique,
    given_name text not null,
    family_name text not null,
    -- what the child likes to be called
    preferred_name text,
    -- ISO date
    born_on text not null,
    -- unique pupil number and NHS number, without spaces, where they are known
    upn text,
    nhs_number text,
    address text not null,
    postcode text not null,
    setting_name text not null,
    setting_kind text not null,
    -- names in lower case without accents, words in order: what a search by name looks in
    folded_name text not null,
    created_at integer not null,
    updated_at integer not null
) strict;

-- the register in order of name, and searches that begin with the family name
create index children_by_name on children (folded_name, id);
-- likely duplicates: the same birthday
create index children_by_birth on children (born_on);
create unique index children_by_upn on children (upn) where upn is not null;
create unique index children_by_nhs_number on children (nhs_number) where nhs_number is not null;
