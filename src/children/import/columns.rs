//! Which column of a file is which field of the register.

use crate::children::ChildDetails;

/// The fields that a file can bring, by the name that faults use, with the other names they go by. Case, spaces and
/// punctuation of a header do not matter.
const FIELDS: [(&str, &[&str]); 10] = [
    ("given_name", &["givenname", "firstname", "forename", "forenames"]),
    ("family_name", &["familyname", "surname", "lastname"]),
    ("preferred_name", &["preferredname", "knownas"]),
    ("born_on", &["bornon", "dateofbirth", "dob", "birthdate", "birthday"]),
    ("upn", &["upn", "uniquepupilnumber"]),
    ("nhs_number", &["nhsnumber", "nhsno", "nhs"]),
    ("address", &["address", "homeaddress"]),
    ("postcode", &["postcode", "postalcode"]),
    ("setting_name", &["settingname", "setting", "school", "schoolname"]),
    ("setting_kind", &["settingkind", "settingtype", "schooltype", "kindofsetting"]),
];

const REQUIRED: [&str; 3] = ["given_name", "family_name", "born_on"];

/// What each column of a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    /// By position; `None` is a column that the register has no place for.
    fields: Vec<Option<&'static str>>,
    /// The headers of those.
    pub ignored: Vec<String>,
}

impl Columns {
    /// Reads the first line.
    ///
    /// # Errors
    /// When a column that is needed is missing, or one is there twice.
    pub fn of(headers: &[String]) -> Result<Columns, String> {
        let mut columns = Columns { fields: Vec::new(), ignored: Vec::new() };
        for header in headers {
            let field = field_of(header);
            match field {
                Some(field) if columns.fields.contains(&Some(field)) => {
                    return Err(format!("two columns are for {field}; remove one of them"));
                }
                Some(_) => {}
                None => columns.ignored.push(header.clone()),
            }
            columns.fields.push(field);
        }
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|field| !columns.fields.contains(&Some(field))).collect();
        if missing.is_empty() {
            return Ok(columns);
        }
        Err(format!("the first line must name the columns, and has none for {}", missing.join(", ")))
    }

    pub fn number(&self) -> usize {
        self.fields.len()
    }

    /// The fields of a line with their texts; those that are empty are left out.
    pub fn filled<'a>(&self, texts: &'a [String]) -> Vec<(&'static str, &'a str)> {
        let pairs = self.fields.iter().zip(texts).filter_map(|(field, text)| field.map(|field| (field, text.trim())));
        pairs.filter(|(_, text)| !text.is_empty()).collect()
    }
}

fn field_of(header: &str) -> Option<&'static str> {
    let plain: String = header.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    FIELDS.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
}

/// Puts a text into its field; the date of birth is read elsewhere.
pub(super) fn put(details: &mut ChildDetails, field: &str, text: &str) {
    let text = text.to_owned();
    match field {
        "given_name" => details.given_name = text,
        "family_name" => details.family_name = text,
        "preferred_name" => details.preferred_name = Some(text),
        "upn" => details.upn = Some(text),
        "nhs_number" => details.nhs_number = Some(text),
        "address" => details.address = text,
        "postcode" => details.postcode = text,
        "setting_name" => details.setting_name = text,
        "setting_kind" => details.setting_kind = text,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[&str]) -> Result<Columns, String> {
        Columns::of(&headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn headers_are_understood_however_they_are_written() {
        let columns = of(&["First Name", "SURNAME ", "Date-of-birth", "Shoe size", "U.P.N."]).expect("good headers");
        assert_eq!(columns.ignored, ["Shoe size"]);
        let texts = ["Ada", " Okafor ", "31/05/2018", "30", ""].map(str::to_owned);
        assert_eq!(
            columns.filled(&texts),
            [("given_name", "Ada"), ("family_name", "Okafor"), ("born_on", "31/05/2018")]
        );
    }

    #[test]
    fn missing_and_doubled_columns_are_named() {
        assert_eq!(
            of(&["forename"]).unwrap_err(),
            "the first line must name the columns, and has none for family_name, born_on"
        );
        assert_eq!(of(&["surname", "Last name"]).unwrap_err(), "two columns are for family_name; remove one of them");
    }
}
