//! Pages, by audience.
