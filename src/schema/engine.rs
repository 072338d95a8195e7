//! The SHACL engine of the `shacl` crate, corrected where it strays from the standard: lengths
//! count characters, and dates must be dates. Knows nothing of messages or findings.

use oxigraph::model::vocab::xsd;
use oxigraph::model::{LiteralRef, Term, TermRef};
use oxsdatatypes::{Date, Duration, GYear, GYearMonth, Time};
use rudof_rdf::rdf_core::term::Object;
use rudof_rdf::rdf_core::{Rdf, SHACLPath};
use rudof_rdf::rdf_impl::OxigraphInMemory;
use shacl::error::ValidationError;
use shacl::ir::{IRComponent, IRSchema, IRShape, RecursionSemantics, ShapeLabelIdx};
use shacl::validator::constraints::NativeValidator;
use shacl::validator::engine::{Engine, NativeEngine, NodeExprState, Retention};
use shacl::validator::nodes::{FocusNodes, ValueNodes};
use shacl::validator::report::{ValidationOutcome, ValidationResult};

type Graph = OxigraphInMemory;
type Iri = rudof_iri::IriS;

/// The crate's own engine, which answers whatever is not corrected here.
pub(crate) struct Checker(Box<dyn Engine<Graph>>);

impl Checker {
    /// An engine that has not seen any node yet; one serves for one graph.
    pub(crate) fn new() -> Self {
        let mut native: Box<dyn Engine<Graph>> = Box::new(NativeEngine::default());
        native.set_retention(Retention { max_results: None, store_evidences: false });
        Self(native)
    }
}

impl Engine<Graph> for Checker {
    fn evaluate(
        &mut self,
        store: &Graph,
        shape: &IRShape,
        component: &IRComponent,
        values: &ValueNodes<Graph>,
        source: Option<&IRShape>,
        path: Option<&SHACLPath>,
        shapes: &IRSchema,
    ) -> Result<ValidationOutcome, ValidationError> {
        let nested: &dyn NativeValidator<Graph> = match component {
            IRComponent::MinLength(least) => {
                let least = least.min_length() as usize;
                return wrong(component, shape, values, path, |value| {
                    length(value).is_none_or(|length| length < least)
                });
            }
            IRComponent::MaxLength(most) => {
                let most = most.max_length() as usize;
                return wrong(component, shape, values, path, |value| {
                    length(value).is_none_or(|length| length > most)
                });
            }
            IRComponent::Datatype(_) => {
                let mut outcome =
                    self.0.evaluate(store, shape, component, values, source, path, shapes)?;
                outcome.extend(wrong(component, shape, values, path, |value| {
                    matches!(value, Term::Literal(literal) if !is_well_formed(literal.as_ref()))
                })?);
                return Ok(outcome);
            }
            IRComponent::And(and) => and,
            IRComponent::Or(or) => or,
            IRComponent::Not(not) => not,
            IRComponent::Xone(xone) => xone,
            IRComponent::Node(node) => node,
            IRComponent::QualifiedValueShape(qualified) => qualified,
            _ => return self.0.evaluate(store, shape, component, values, source, path, shapes),
        };
        // Shapes within shapes come back here, and not to the crate's own engine.
        nested.validate_native(component, shape, store, self, values, source, path, shapes)
    }

    fn fork(&self) -> Box<dyn Engine<Graph>> {
        Box::new(Self(self.0.fork()))
    }

    fn target_node(&self, store: &Graph, node: &Object) -> Targets {
        self.0.target_node(store, node)
    }

    fn target_class(&self, store: &Graph, class: &Object) -> Targets {
        self.0.target_class(store, class)
    }

    fn target_subject_of(&self, store: &Graph, predicate: &Iri) -> Targets {
        self.0.target_subject_of(store, predicate)
    }

    fn target_object_of(&self, store: &Graph, predicate: &Iri) -> Targets {
        self.0.target_object_of(store, predicate)
    }

    fn implicit_target_class(&self, store: &Graph, shape: &Object) -> Targets {
        self.0.implicit_target_class(store, shape)
    }

    // Nothing is remembered: shapes are shallow, so looking twice costs less than keeping a
    // result for each node under each shape.
    fn record_validation(&mut self, _: Object, _: ShapeLabelIdx, _: ValidationOutcome) {}

    fn has_validated(&self, _: &Object, _: ShapeLabelIdx) -> bool {
        false
    }

    fn get_cached_outcome(&self, _: &Object, _: ShapeLabelIdx) -> Option<ValidationOutcome> {
        None
    }

    fn recursion_semantics(&self) -> RecursionSemantics {
        self.0.recursion_semantics()
    }

    fn is_in_chain(&self, node: &Object, shape: ShapeLabelIdx) -> bool {
        self.0.is_in_chain(node, shape)
    }

    fn chain_enter(&mut self, node: Object, shape: ShapeLabelIdx) {
        self.0.chain_enter(node, shape);
    }

    fn chain_exit(&mut self, node: &Object, shape: ShapeLabelIdx) {
        self.0.chain_exit(node, shape);
    }

    fn node_expr_state(&mut self) -> &mut NodeExprState {
        self.0.node_expr_state()
    }

    fn retention(&self) -> Retention {
        self.0.retention()
    }

    fn set_retention(&mut self, retention: Retention) {
        self.0.set_retention(retention);
    }
}

/// The nodes a target declaration selects.
type Targets = Result<FocusNodes<Graph>, ValidationError>;

/// A result for each value that is wrong.
fn wrong(
    component: &IRComponent,
    shape: &IRShape,
    values: &ValueNodes<Graph>,
    path: Option<&SHACLPath>,
    is_wrong: impl Fn(&Term) -> bool,
) -> Result<ValidationOutcome, ValidationError> {
    let mut outcome = ValidationOutcome::new();
    for (focus, values) in values.iter() {
        for value in values.iter().filter(|value| is_wrong(value)) {
            let focus = Graph::term_as_object(focus)?;
            let component = Object::iri(component.into());
            outcome.push_violation(
                ValidationResult::new(focus, component, shape.severity().clone())
                    .with_source(Some(shape.id().clone()))
                    .with_path(path.cloned())
                    .with_value(Some(Graph::term_as_object(value)?)),
            );
        }
    }
    Ok(outcome)
}

/// How many characters a term has; a blank node has no length. SHACL, section 4.4.1.
fn length(term: &Term) -> Option<usize> {
    match term.as_ref() {
        TermRef::NamedNode(node) => Some(node.as_str().chars().count()),
        TermRef::Literal(literal) => Some(literal.value().chars().count()),
        _ => None,
    }
}

/// Whether a date, time or duration is written as XML Schema 1.1, part 2, section 3.3 wants;
/// the crate looks only at numbers, booleans and `xsd:dateTime`.
fn is_well_formed(literal: LiteralRef<'_>) -> bool {
    let value = literal.value();
    match literal.datatype() {
        xsd::DATE => value.parse::<Date>().is_ok(),
        xsd::TIME => value.parse::<Time>().is_ok(),
        xsd::G_YEAR => value.parse::<GYear>().is_ok(),
        xsd::G_YEAR_MONTH => value.parse::<GYearMonth>().is_ok(),
        xsd::DURATION => value.parse::<Duration>().is_ok(),
        _ => true,
    }
}
