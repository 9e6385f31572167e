//! Whether guards can hold together, as far as their facts decide it.

use std::collections::{BTreeSet, HashMap};

use super::super::definition::{Definition, FactKind, Guard};

/// Enough for any guard that a person writes; past it a guard is taken to be satisfiable.
const STEPS_MOST: usize = 20_000;

/// Whether some facts make all the guards true at once.
pub(super) fn can_hold_together(definition: &Definition, guards: &[&Guard]) -> bool {
    let mut search = Search { definition, steps: 0 };
    let goals = guards.iter().map(|guard| (*guard, true)).collect();
    search.solve(goals, World::default())
}

/// What has been assumed so far.
#[derive(Debug, Clone, Default)]
struct World {
    facts: HashMap<String, Domain>,
    /// Conditions that are not about facts: free to be true or false, but not both.
    others: HashMap<String, bool>,
}

/// The values that a fact can still have.
#[derive(Debug, Clone)]
struct Domain {
    unknown: bool,
    values: Values,
}

#[derive(Debug, Clone)]
enum Values {
    Any,
    None,
    OneOf(BTreeSet<String>),
    Between(i64, i64),
}

impl Domain {
    fn is_empty(&self) -> bool {
        let no_value = match &self.values {
            Values::Any => false,
            Values::None => true,
            Values::OneOf(options) => options.is_empty(),
            Values::Between(low, high) => low > high,
        };
        !self.unknown && no_value
    }
}

struct Search<'a> {
    definition: &'a Definition,
    steps: usize,
}

impl<'a> Search<'a> {
    fn solve(&mut self, mut goals: Vec<(&'a Guard, bool)>, mut world: World) -> bool {
        while let Some((guard, wanted)) = goals.pop() {
            self.steps += 1;
            if self.steps > STEPS_MOST {
                return true;
            }
            match (guard, wanted) {
                (Guard::All(guards), true) | (Guard::Any(guards), false) => {
                    goals.extend(guards.iter().map(|guard| (guard, wanted)));
                }
                (Guard::Any(guards), true) | (Guard::All(guards), false) => {
                    return guards.iter().any(|guard| {
                        let mut rest = goals.clone();
                        rest.push((guard, wanted));
                        self.solve(rest, world.clone())
                    });
                }
                (Guard::Not(guard), wanted) => goals.push((guard, !wanted)),
                (atom, wanted) => {
                    if !self.assume(&mut world, atom, wanted) {
                        return false;
                    }
                }
            }
        }
        true
    }

    /// Adds an assumption; whether it fits those made before.
    fn assume(&self, world: &mut World, atom: &Guard, wanted: bool) -> bool {
        let (Guard::Known(fact) | Guard::Is(fact, _) | Guard::AtLeast(fact, _)) = atom else {
            return *world.others.entry(format!("{atom:?}")).or_insert(wanted) == wanted;
        };
        let domain = world.facts.entry(fact.clone()).or_insert_with(|| self.whole_domain(fact));
        match (atom, wanted) {
            (Guard::Known(_), true) => domain.unknown = false,
            (Guard::Known(_), false) => domain.values = Values::None,
            (Guard::Is(_, value), true) => {
                domain.unknown = false;
                if let Values::OneOf(options) = &mut domain.values {
                    options.retain(|option| option == value);
                }
            }
            (Guard::Is(_, value), false) => {
                if let Values::OneOf(options) = &mut domain.values {
                    options.remove(value);
                }
            }
            (Guard::AtLeast(_, least), true) => {
                domain.unknown = false;
                if let Values::Between(low, _) = &mut domain.values {
                    *low = (*low).max(*least);
                }
            }
            (Guard::AtLeast(_, least), false) => {
                if let Values::Between(_, high) = &mut domain.values {
                    *high = (*high).min(least.saturating_sub(1));
                }
            }
            _ => {}
        }
        !domain.is_empty()
    }

    fn whole_domain(&self, fact: &str) -> Domain {
        let kind = self.definition.facts.iter().find(|held| held.id == fact).map(|fact| &fact.kind);
        let values = match kind {
            Some(FactKind::YesNo) => Values::OneOf(["yes".to_owned(), "no".to_owned()].into()),
            Some(FactKind::Choice(options)) => Values::OneOf(options.iter().map(|option| option.id.clone()).collect()),
            Some(FactKind::Number { min, max }) => Values::Between(*min, *max),
            _ => Values::Any,
        };
        Domain { unknown: true, values }
    }
}
