//! Ends evaluations that nobody waits for. Oxigraph looks at its token only when it reads the
//! graph, and between two reads a product of three unconnected patterns can work for hours.
//! Knows nothing of clocks or clients: somebody else cancels the token.

use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::CancellationToken;
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::Variable;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The function that is called for each solution. Not an address: no query can mean it otherwise.
pub const ALIVE: &str = "urn:familylab:alive";
/// A variable that no parsed query holds, since a name cannot have a space in it.
const UNUSED: &str = "familylab alive";

/// What is thrown when the token is found cancelled; no panic, so no hook prints it.
struct Stopped;

/// Makes a query look at the token for each solution of its patterns.
///
/// A solution that a filter drops is looked at as well, so a filter that lets nothing through
/// does not hide the work.
pub fn watch(query: &mut Query) {
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    watch_pattern(pattern);
}

/// The function that a watched pattern calls, to be given to its evaluator; it has no value.
pub fn watcher(
    token: CancellationToken,
) -> (NamedNode, impl Fn(&[Term]) -> Option<Term> + Send + Sync + 'static) {
    let look = move |_: &[Term]| {
        if token.is_cancelled() {
            // The only way out of the evaluator's own loops. It holds a read transaction and
            // nothing else, which is dropped on the way.
            resume_unwind(Box::new(Stopped));
        }
        None
    };
    (name(), look)
}

/// Runs an evaluation that may be stopped; `None` when it was.
pub fn until_stopped<T>(work: impl FnOnce() -> T) -> Option<T> {
    // Nothing is seen after an unwind but what `work` returns, and then it returns nothing.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => Some(done),
        Err(cause) if cause.is::<Stopped>() => None,
        Err(cause) => resume_unwind(cause),
    }
}

fn name() -> NamedNode {
    NamedNode::new_unchecked(ALIVE)
}

fn alive() -> Expression {
    Expression::FunctionCall(Function::Custom(name()), Vec::new())
}

/// Goes down through what shapes the solutions to the pattern that makes them.
pub fn watch_pattern(pattern: &mut GraphPattern) {
    use GraphPattern as P;
    match pattern {
        P::Project { inner, .. }
        | P::Distinct { inner }
        | P::Reduced { inner }
        | P::Slice { inner, .. }
        | P::OrderBy { inner, .. }
        | P::Group { inner, .. }
        | P::Extend { inner, .. } => watch_pattern(inner),
        P::Filter { inner, expr } => {
            watch_filter(expr);
            watch_pattern(inner);
        }
        P::Bgp { patterns } if patterns.len() < 2 => {}
        P::Path { .. } | P::Values { .. } => {}
        body => {
            parts(body);
            let inner = Box::new(std::mem::replace(body, P::Bgp { patterns: Vec::new() }));
            let variable = Variable::new_unchecked(UNUSED);
            *body = P::Extend { inner, variable, expression: alive() };
        }
    }
}

/// False or an error for what does not pass, as before: `alive` has no value. Each side of an `&&`
/// apart, since the optimiser moves them one by one.
fn watch_filter(filter: &mut Expression) {
    if let Expression::And(left, right) = filter {
        watch_filter(left);
        watch_filter(right);
    } else {
        let passes = std::mem::replace(filter, alive());
        *filter = Expression::Or(Box::new(passes), Box::new(alive()));
    }
}

/// Looks for subqueries inside a pattern; each has solutions of its own.
fn parts(pattern: &mut GraphPattern) {
    use GraphPattern as P;
    match pattern {
        P::Join { left, right }
        | P::Lateral { left, right }
        | P::Union { left, right }
        | P::Minus { left, right }
        | P::LeftJoin { left, right, .. } => {
            parts(left);
            parts(right);
        }
        P::Filter { inner, .. }
        | P::Extend { inner, .. }
        | P::Graph { inner, .. }
        | P::Service { inner, .. } => parts(inner),
        P::Project { .. }
        | P::Distinct { .. }
        | P::Reduced { .. }
        | P::Slice { .. }
        | P::OrderBy { .. }
        | P::Group { .. } => watch_pattern(pattern),
        P::Bgp { .. } | P::Path { .. } | P::Values { .. } => {}
    }
}
