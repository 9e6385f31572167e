//! Dates and spans, and the days that do not count: the arithmetic of statutory limits.
//!
//! Days, weeks and months need no data. Working days need the bank holidays, which are data with a stated range:
//! a question outside it is an error that says so, never a guess.

mod closure;
mod days;
mod entry;
mod holidays;
mod limit;
mod span;
mod tribunal;

pub use closure::{Closure, closure_window};
pub use days::{Date, date, days_between, is_plausible, short_date, written_date};
pub use entry::{DateError, date_from_parts};
pub use holidays::{BankHoliday, Calendar, CalendarError};
pub use limit::{Counted, Limit};
pub use span::Span;
pub use tribunal::Time;
