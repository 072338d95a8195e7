//! Dates of requests and of answers, by the day or by the second. OAI-PMH 2.0, section 3.3.
//! Refuses to know what happened then.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};

/// What a date in a request covers: a day or a second of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The first instant.
    pub first: Timestamp,
    /// The last instant.
    pub last: Timestamp,
    pub is_day: bool,
}

/// The forms of a date; `0` stands for any digit.
const DAY: &str = "0000-00-00";
const SECOND: &str = "0000-00-00T00:00:00Z";

impl Moment {
    /// Reads `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`, nothing else.
    pub fn read(text: &str) -> Option<Self> {
        let is_day = has_form(text, DAY);
        // XML Schema 1.0 has no year 0, so an answer could not repeat the request.
        if !is_day && !has_form(text, SECOND) || text.starts_with("0000") {
            return None;
        }
        let begin: civil::DateTime = match is_day {
            true => text.parse::<civil::Date>().ok()?.into(),
            false => text.strip_suffix('Z')?.parse().ok()?,
        };
        // The last day that can be written ends beyond the last instant.
        let first = begin.to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
        let length =
            if is_day { SignedDuration::from_hours(24) } else { SignedDuration::from_secs(1) };
        let end = first.checked_add(length - SignedDuration::from_nanos(1));
        Some(Self { first, last: end.unwrap_or(Timestamp::MAX), is_day })
    }

    /// The last instant before it.
    pub fn before(&self) -> Timestamp {
        self.first.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(Timestamp::MIN)
    }
}

fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            form => byte == form,
        })
}

/// A moment as answers write it, to the second.
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_or_a_second_and_covers_the_whole_of_it() {
        let day = Moment::read("2024-02-29").unwrap();
        assert!(day.is_day);
        assert_eq!(day.first.to_string(), "2024-02-29T00:00:00Z");
        assert_eq!(day.last.to_string(), "2024-02-29T23:59:59.999999999Z");
        let second = Moment::read("2024-02-29T10:20:30Z").unwrap();
        assert!(!second.is_day);
        assert_eq!(second.before().to_string(), "2024-02-29T10:20:29.999999999Z");
        assert_eq!(second.last.to_string(), "2024-02-29T10:20:30.999999999Z");
        assert_eq!(stamp(second.last), "2024-02-29T10:20:30Z");
        for far in ["9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01"] {
            let moment = Moment::read(far).unwrap();
            assert!(moment.first <= moment.last && moment.before() <= moment.first, "{far}");
        }
    }

    #[test]
    fn nothing_else_is_a_date() {
        for wrong in [
            "",
            "2024",
            "2024-01",
            "2024-1-1",
            "2023-02-29",
            "2024-13-01",
            "24-01-01",
            "0000-01-01",
            "20240101",
            "2024-01-01T10:00Z",
            "2024-01-01T10:00:00",
            "2024-01-01T10:00:00.0Z",
            "2024-01-01T10:00:00+01:00",
            "2024-01-01 10:00:00Z",
            "2024-01-01T25:00:00Z",
            "2024-01-01t10:00:00z",
            " 2024-01-01",
            "２024-01-01",
            "-024-01-01",
        ] {
            assert_eq!(Moment::read(wrong), None, "{wrong}");
        }
    }
}
