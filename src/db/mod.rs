//! One small layer over SQLite and PostgreSQL.
