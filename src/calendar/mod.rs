//! Dates, spans and the days that do not count.
