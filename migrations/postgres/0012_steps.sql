-- SQLite's twin of this file makes a view through which a step is written by one statement. PostgreSQL writes into several
-- tables by one statement as it is (`with ... insert`), so nothing is to be made here.
select 1;
