//! How much of what was due was done in time, over the versions of a timeline.

use milepost::calendar::date;
use milepost::timeline::Definition;

use super::desk::{Desk, SOURCE, fire, opened_on};
use crate::support::databases::on_both_databases;

on_both_databases! {
    async fn a_limit_is_counted_together_wherever_it_stands_in_each_version(db: Db) {
        let desk = Desk::at(&db).await;
        let first = desk.opened("CHILD-1").await;
        desk.take(&first, fire("agree", opened_on())).await.unwrap();
        let text = SOURCE.replace("version: 1,", "version: 2,").replace("2014-09-01", "2026-03-02").replace(
            "    clocks: [\n",
            "    clocks: [\n        Clock(id: \"weigh\", label: \"Weigh the advice\", starts: [Fired(\"agree\")], \
             stops: [Fired(\"send-draft\")], counts_from: \"decision\", limit: Within(Weeks(10)), basis: \"reg. 9\", \
             confidence: Text),\n",
        );
        let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let definition: Definition = options.from_str(&text).expect("the changed fixture is well formed");
        desk.involvements.publish(definition, &text).await.unwrap();
        desk.opened("CHILD-2").await;

        // 20 April: the one that was agreed was in time by 13 April, the other is late.
        let period = (date(2026, 4, 1), date(2026, 4, 30));
        let found = desk.involvements.in_time(period, date(2026, 4, 20)).await.unwrap();

        let counted: Vec<_> = found.iter().map(|one| (one.limit.as_str(), one.in_time, one.late)).collect();
        assert_eq!(counted, [("Tell whether we will assess", 1, 1)]);
    }
}
