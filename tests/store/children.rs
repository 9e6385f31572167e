//! Bringing children onto the register from a file.

use milepost::children::import::{ImportError, ImportHow, ImportTotals, ImportedLine, LineOutcome};
use milepost::children::{Child, Children, LikeOthers};
use milepost::clock::{Clock, Instant};
use milepost::db::Db;
use milepost::engine::Actor;
use milepost::params;

use crate::support::databases::on_both_databases;

const FOR_REAL: ImportHow = ImportHow { dry_run: false, like_others: LikeOthers::Ask };
const DRY_RUN: ImportHow = ImportHow { dry_run: true, like_others: LikeOthers::Ask };

const HEADER: &str = "Given name,Surname,DOB,UPN,Address\n";

fn children(db: &Db) -> Children {
    let today = milepost::calendar::date(2026, 3, 2);
    Children::new(db.clone(), Clock::set_to(Instant::at_start_of(today)))
}

async fn import(db: &Db, lines: &str, how: ImportHow) -> (ImportTotals, Vec<ImportedLine>) {
    let mut told = Vec::new();
    let file = format!("{HEADER}{lines}");
    let totals =
        children(db).import(file.as_bytes(), how, &Actor::System, |line| told.push(line.clone())).await.unwrap();
    (totals, told)
}

fn counts(totals: &ImportTotals) -> [u64; 4] {
    [totals.added, totals.updated, totals.already_there, totals.refused]
}

async fn audited(db: &Db) -> Vec<String> {
    let sql = "select action from audit order by id";
    db.read(async |c| c.fetch_all(sql, params![]).await?.iter().map(|row| row.get(0)).collect()).await.unwrap()
}

on_both_databases! {
    async fn good_lines_come_onto_the_register_and_each_bad_one_says_why(db: Db) {
        let lines = "Ada,Okafor,31/05/2018,K123456789018,1 Mill Lane\n\
                     Ben,Price,29/02/2019,,\n\
                     ,Stone,2017-01-02,A1,\n\
                     Cleo,Marsh,01/01/1990\n\
                     Dev,Rao,2016-11-30,,\"2 New Road,\nNorthmoor\"\n";
        let (totals, told) = import(&db, lines, FOR_REAL).await;
        assert_eq!(counts(&totals), [2, 0, 0, 3]);
        let refused: Vec<(u64, Vec<&str>)> = told.iter().filter_map(|line| match &line.outcome {
            LineOutcome::Refused(faults) => Some((line.line, faults.iter().map(|fault| fault.field).collect())),
            _ => None,
        }).collect();
        assert_eq!(refused, [(3, vec!["born_on"]), (4, vec!["given_name", "upn"]), (5, vec!["line"])]);

        let register = children(&db).search("", 1).await.unwrap();
        let names: Vec<String> = register.children.iter().map(Child::name).collect();
        assert_eq!(names, ["Ada Okafor", "Dev Rao"]);
        assert_eq!(register.children[1].details.address, "2 New Road, Northmoor");
        assert_eq!(audited(&db).await, ["child-added", "child-added", "children-imported"]);
    }

    async fn a_dry_run_says_the_same_and_writes_nothing(db: Db) {
        let lines = "Ada,Okafor,31/05/2018,K123456789018,1 Mill Lane\n\
                     Ada,Okafor,31/05/2018,K123456789018,2 New Road\n\
                     Ada,Okafor,31/05/2018,,9 Far Street\n\
                     Ben,Price,2019-02-28,,\n\
                     Ben,Price,2019-02-28,,\n";
        let (dry, dry_lines) = import(&db, lines, DRY_RUN).await;
        assert_eq!(children(&db).search("", 1).await.unwrap().total, 0);
        assert_eq!(audited(&db).await, Vec::<String>::new());

        let (real, real_lines) = import(&db, lines, FOR_REAL).await;
        assert_eq!(counts(&dry), [2, 1, 1, 1]);
        assert_eq!(counts(&dry), counts(&real));
        let kinds = |lines: &[ImportedLine]| -> Vec<_> {
            lines.iter().map(|line| (line.line, std::mem::discriminant(&line.outcome))).collect()
        };
        assert_eq!(kinds(&dry_lines), kinds(&real_lines));
    }

    async fn the_same_file_again_finds_everybody_there_and_a_new_address_is_taken_over(db: Db) {
        let lines = "Ada,Okafor,31/05/2018,K123456789018,1 Mill Lane\nBen,Price,2019-02-28,,\n";
        import(&db, lines, FOR_REAL).await;
        let (again, _) = import(&db, lines, FOR_REAL).await;
        assert_eq!(counts(&again), [0, 0, 2, 0]);

        let (moved, told) = import(&db, "Ada,Okafor,31/05/2018,K123456789018,2 New Road\n", FOR_REAL).await;
        assert_eq!(counts(&moved), [0, 1, 0, 0]);
        assert!(matches!(&told[0].outcome, LineOutcome::Updated { fields, .. } if fields == &["address"]));
        let found = children(&db).search("K123456789018", 1).await.unwrap();
        assert_eq!(found.children[0].details.address, "2 New Road");
        assert_eq!(audited(&db).await.iter().filter(|action| *action == "child-changed").count(), 1);
    }

    async fn a_file_of_many_lines_comes_in_whole(db: Db) {
        let lines: String = (0..250).map(|number| format!("Child,Number {number},2018-05-31,,\n")).collect();
        let (totals, _) = import(&db, &lines, FOR_REAL).await;
        assert_eq!(counts(&totals), [250, 0, 0, 0]);
        assert_eq!(children(&db).search("", 1).await.unwrap().total, 250);
    }

    async fn a_file_that_is_no_csv_of_children_is_refused_as_a_whole(db: Db) {
        for (file, why) in [
            (b"PK\x03\x04....".as_slice(), "spreadsheet"),
            (b"\xff\xfeG\0i\0", "UTF-16"),
            (b"", "the file is empty"),
            (b"name,date\nAda,2018-05-31\n", "has none for given_name, family_name, born_on"),
        ] {
            let refused = children(&db).import(file, FOR_REAL, &Actor::System, |_| {}).await;
            assert!(matches!(&refused, Err(ImportError::File(text)) if text.contains(why)), "{refused:?}");
        }
    }

    async fn files_of_older_spreadsheets_keep_their_accents(db: Db) {
        let file = b"\xef\xbb\xbfGiven name;Surname;DOB\r\nZo\xeb;O\x92Brien;31/05/2018\r\n";
        let totals = children(&db).import(file.as_slice(), FOR_REAL, &Actor::System, |_| {}).await.unwrap();
        assert!(totals.windows_1252);
        let register = children(&db).search("zoe o'brien", 1).await.unwrap();
        assert_eq!(register.children[0].name(), "Zoë O’Brien");
    }

    async fn who_has_changed_a_name_is_never_shown_the_one_before(db: Db) {
        let register = children(&db);
        let by = Actor::System;
        let details = |given: &str| milepost::children::ChildDetails {
            given_name: given.into(),
            family_name: "Okafor".into(),
            born_on: Some(milepost::calendar::date(2018, 5, 31)),
            ..Default::default()
        };
        let id = register.add(details("Ada"), &by, LikeOthers::AddAllTheSame).await.unwrap();
        for given in ["Ida", "Ada", "Eda"] {
            let seen = register.known_many(vec![id.clone()]).await.unwrap()[0].clone();
            register.change(&seen, details(given), &by).await.unwrap();
            assert_eq!(register.known_many(vec![id.clone()]).await.unwrap()[0].details.given_name, given);
        }
    }
}
