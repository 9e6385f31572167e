//! The list of phase transfers, as both databases give it.

use milepost::calendar::date;
use milepost::children::{ChildDetails, Children, LikeOthers};
use milepost::clock::{Clock, Instant};
use milepost::engine::Actor;
use milepost::phase_transfers::{Phase, Whom, moving};

use crate::support::databases::on_both_databases;

on_both_databases! {
    async fn the_whole_register_is_looked_through_in_order_of_name(db: Db) {
        let children = Children::new(db.clone(), Clock::set_to(Instant::at_start_of(date(2026, 11, 2))));
        for (given, family, born_on, setting) in [
            ("Ada", "Young", date(2016, 3, 1), "Alder Primary"),
            ("Ben", "Abara", date(2011, 3, 1), "Northmoor High"),
            ("Cal", "Moss", date(2013, 3, 1), "Northmoor High"),
        ] {
            let details = ChildDetails {
                given_name: given.into(),
                family_name: family.into(),
                born_on: Some(born_on),
                setting_name: setting.into(),
                ..ChildDetails::default()
            };
            children.add(details, &Actor::System, LikeOthers::Ask).await.unwrap();
        }
        let found = moving(&db, 2027, Whom::Everybody).await.unwrap();
        let found: Vec<(&str, Phase)> = found.iter().map(|moving| (moving.name.as_str(), moving.to.phase)).collect();
        assert_eq!(found, [("Abara, Ben", Phase::SecondaryToPost16), ("Young, Ada", Phase::BetweenSchools)]);
        assert!(moving(&db, 2027, Whom::WithPlan).await.unwrap().is_empty());
    }
}
