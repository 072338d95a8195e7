//! Codes by which bodies are known, made up so that none is that of a real one.
//! Knows how a code is spelled, not who carries it.

/// A tax code of eleven digits: seven of the body, three of an office that does not exist, and
/// the check digit. Decree of the Minister of Finance of 23 December 1976, annex.
pub(crate) fn tax_code(number: u64) -> String {
    // Shares no factor with ten million: no two of that many bodies have the same digits.
    let body = format!("{:07}000", (number * 7_919 + 1_234) % 10_000_000);
    let check = check_digit(&body);
    format!("{body}{check}")
}

/// Every second digit counts double, less nine if that makes two digits; all make a multiple of ten.
fn check_digit(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    (10 - sum % 10) % 10
}

/// A code of the register of public offices: the one of the place, then the number of the body,
/// which no real code has.
pub(crate) fn ipa_code(prefix: char, place: &str, number: u64) -> String {
    format!("{prefix}_{place}-{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_the_one_of_well_known_bodies() {
        // The Italian Republic's revenue agency, the municipality of Rome, a worked example.
        for code in ["06363391001", "02438750586", "12345670017"] {
            let (digits, check) = code.split_at(10);
            assert_eq!(check_digit(digits).to_string(), check, "{code}");
        }
    }

    #[test]
    fn tax_codes_have_eleven_digits_and_differ() {
        let codes: std::collections::BTreeSet<String> = (0..2_000).map(tax_code).collect();
        assert_eq!(codes.len(), 2_000);
        assert!(codes.iter().all(|code| code.len() == 11));
    }
}
