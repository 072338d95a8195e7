//! Which expressions a source may evaluate in the evaluator's place, and where filters can go.
//! Knows no sources.

use super::plan::{Kind, Op, Plan};
use crate::sparql::every;
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, Function};

/// Whether every implementation gives an expression the same value, wherever it is evaluated.
pub(super) fn is_portable(expression: &Expression) -> bool {
    every(expression, &|part| match part {
        Expression::Exists(_) => false,
        Expression::FunctionCall(function, _) => is_portable_function(function),
        _ => true,
    })
}

/// What stands in SPARQL 1.1, section 17.4, and depends on nothing but its arguments.
fn is_portable_function(function: &Function) -> bool {
    matches!(
        function,
        Function::Str
            | Function::Lang
            | Function::LangMatches
            | Function::Datatype
            | Function::Abs
            | Function::Ceil
            | Function::Floor
            | Function::Round
            | Function::Concat
            | Function::SubStr
            | Function::StrLen
            | Function::Replace
            | Function::UCase
            | Function::LCase
            | Function::EncodeForUri
            | Function::Contains
            | Function::StrStarts
            | Function::StrEnds
            | Function::StrBefore
            | Function::StrAfter
            | Function::Year
            | Function::Month
            | Function::Day
            | Function::Hours
            | Function::Minutes
            | Function::Seconds
            | Function::IsIri
            | Function::IsBlank
            | Function::IsLiteral
            | Function::IsNumeric
            | Function::Regex
    )
}

/// Whether an expression uses only some variables.
pub(super) fn fits(expression: &Expression, variables: &[Variable]) -> bool {
    every(expression, &|part| match part {
        Expression::Exists(_) => false,
        Expression::Variable(variable) | Expression::Bound(variable) => {
            variables.contains(variable)
        }
        _ => true,
    })
}

/// Tells sources which rows a filter above them will drop anyway.
pub(super) fn push(filter: &Expression, plan: &mut Plan) {
    if let Expression::And(left, right) = filter {
        push(left, plan);
        push(right, plan);
    } else if is_portable(filter) {
        push_one(filter, plan);
    }
}

fn push_one(filter: &Expression, plan: &mut Plan) {
    match &mut plan.op {
        Op::Fetch(leaf) => {
            if fits(filter, &leaf.certain()) {
                leaf.filtered(filter.clone());
                plan.rows /= 2.0;
            }
        }
        Op::Join { left, right, kind, .. } => {
            push_one(filter, left);
            if *kind == Kind::Inner {
                push_one(filter, right);
            }
        }
        // What is not selected is another variable, even if it is called the same.
        Op::Distinct(inner) if fits(filter, &plan.variables) => push_one(filter, inner),
        Op::Distinct(_) => {}
        Op::Union(parts) => parts.iter_mut().for_each(|part| push_one(filter, part)),
        Op::Values { .. } | Op::Walk(_) => {}
    }
}
