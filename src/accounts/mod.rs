//! People who can sign in: passwords, second step, sessions.
