//! Whether guards can hold together, as far as their facts decide it.

use std::collections::{BTreeSet, HashMap};

use super::super::definition::{FactKind, Guard};
use super::context::Context;

/// Enough for any guard that a person writes.
const STEPS_MOST: usize = 20_000;

/// Choices inside choices.
const DEPTH_MOST: usize = 100;

/// Whether some facts make all the guards true at once; `None` when that takes too long to find out.
pub(super) fn can_hold_together(context: &Context<'_>, guards: &[&Guard]) -> Option<bool> {
    let mut search = Search { context, steps: STEPS_MOST };
    let goals = guards.iter().map(|guard| (*guard, true)).collect();
    search.solve(goals, World::default(), 0)
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
    context: &'a Context<'a>,
    /// How many are left.
    steps: usize,
}

impl<'a> Search<'a> {
    fn solve(&mut self, mut goals: Vec<(&'a Guard, bool)>, mut world: World, depth: usize) -> Option<bool> {
        if depth > DEPTH_MOST {
            return None;
        }
        while let Some((guard, wanted)) = goals.pop() {
            self.spend(1)?;
            match (guard, wanted) {
                (Guard::All(guards), true) | (Guard::Any(guards), false) => {
                    goals.extend(guards.iter().map(|guard| (guard, wanted)));
                }
                (Guard::Any(guards), true) | (Guard::All(guards), false) => {
                    return self.solve_any(guards, wanted, &goals, &world, depth);
                }
                (Guard::Not(guard), wanted) => goals.push((guard, !wanted)),
                (atom, wanted) => {
                    if !self.assume(&mut world, atom, wanted) {
                        return Some(false);
                    }
                }
            }
        }
        Some(true)
    }

    fn solve_any(
        &mut self,
        guards: &'a [Guard],
        wanted: bool,
        goals: &[(&'a Guard, bool)],
        world: &World,
        depth: usize,
    ) -> Option<bool> {
        let mut answer = Some(false);
        for guard in guards {
            // What is copied for each choice is work too.
            self.spend(goals.len() + world.facts.len() + world.others.len())?;
            let mut rest = goals.to_vec();
            rest.push((guard, wanted));
            match self.solve(rest, world.clone(), depth + 1) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }

    /// Takes steps from what is left for this question, and from what is left for all questions about the definition.
    fn spend(&mut self, steps: usize) -> Option<()> {
        self.steps = self.steps.checked_sub(steps)?;
        let left = self.context.search_steps.get().checked_sub(steps)?;
        self.context.search_steps.set(left);
        Some(())
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
        let kind = self.context.fact(fact).map(|fact| &fact.kind);
        let values = match kind {
            Some(FactKind::YesNo) => Values::OneOf(["yes".to_owned(), "no".to_owned()].into()),
            Some(FactKind::Choice(options)) => Values::OneOf(options.iter().map(|option| option.id.clone()).collect()),
            Some(FactKind::Number { min, max }) => Values::Between(*min, *max),
            _ => Values::Any,
        };
        Domain { unknown: true, values }
    }
}
