//! How much work an XPath expression can be at most, told from the expression and the shape of the
//! content before it is evaluated.
//!
//! The crate's own budget counts a comparison as if it read the whole document, so on anything but
//! small content it would refuse expressions that are nothing to evaluate. What is bounded here needs
//! no such budget.

use oxml::xpath::{Axis, BinaryOp, Expr, Func, Step};
use roxmltree::{Document, Node};

/// Bytes of text that are as much work as visiting a node.
const TEXT: u64 = 16;
/// Work of keeping one node in order.
const ORDER: u64 = 4;
/// Longest text of a number, in bytes.
const NUMBER: u64 = 350;

/// What is known of content before anything is selected from it: its sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Nodes, attributes and namespaces included.
    nodes: u64,
    /// Most children of one node.
    fanout: u64,
    /// Most attributes of one element.
    attributes: u64,
    /// Deepest nesting.
    depth: u64,
    /// Bytes of the document, which no text in it exceeds.
    text: u64,
    /// Bytes of the longest attribute.
    attribute: u64,
}

/// The nodes something is evaluated from, in all evaluations together.
#[derive(Debug, Clone, Copy)]
struct Contexts {
    /// How many there are at most.
    total: u64,
    /// How often one and the same node is among them at most.
    repeats: u64,
}

/// The bounds of an expression, in all evaluations together.
#[derive(Debug, Clone, Copy)]
struct Bound {
    /// Nodes visited, or what is as much work.
    work: u64,
    /// The nodes it selects; none if it gives something else.
    nodes: Option<Contexts>,
    /// Bytes of the texts it gives.
    text: u64,
    /// The work of reading those.
    reading: u64,
}

impl Shape {
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut shape =
            Self { nodes: 1, fanout: 1, attributes: 1, depth: 1, text: 0, attribute: 0 };
        shape.text = count(document.input_text().len());
        shape.see(document.root(), 1);
        shape
    }

    /// Nesting is limited before anything is parsed.
    fn see(&mut self, node: Node<'_, '_>, depth: u64) {
        let attributes = count(node.attributes().len());
        let namespaces = count(node.namespaces().len());
        self.nodes = self.nodes.saturating_add(attributes).saturating_add(namespaces);
        self.attributes = self.attributes.max(attributes);
        self.depth = self.depth.max(depth.saturating_add(1));
        for attribute in node.attributes() {
            self.attribute = self.attribute.max(count(attribute.value().len()));
        }
        let mut children = 0_u64;
        for child in node.children() {
            children = children.saturating_add(1);
            self.see(child, depth.saturating_add(1));
        }
        self.nodes = self.nodes.saturating_add(children);
        self.fanout = self.fanout.max(children);
    }

    /// The most work an expression is on content of this shape.
    pub(super) fn bound(&self, expression: &Expr) -> u64 {
        self.expression(expression, Contexts { total: 1, repeats: 1 }).work
    }

    fn expression(&self, expression: &Expr, at: Contexts) -> Bound {
        match expression {
            Expr::Literal(text) => Bound::single(at, count(text.len())),
            Expr::Number(_) | Expr::Variable(_) => self.all(&[], at).into_single(at),
            Expr::Negate(inner) => self.all(std::slice::from_ref(&**inner), at).into_single(at),
            Expr::Path { absolute, steps } => {
                // Every evaluation of an absolute path begins at the same node.
                let from = if *absolute { Contexts { repeats: at.total, ..at } } else { at };
                self.path(steps, from, at.total)
            }
            Expr::Filter(filter) => {
                let base = self.expression(&filter.base, at);
                let from = base.nodes.unwrap_or(at);
                let judged = self.all(&filter.predicates, from);
                self.path(&filter.steps, from, at.total).after(base).after(judged)
            }
            Expr::Binary { op, lhs, rhs } => {
                let right = self.operand(*op, rhs, at);
                self.operand(*op, lhs, at).beside(right)
            }
            Expr::Chain { first, rest } => {
                let op = rest.first().map_or(BinaryOp::Add, |(op, _)| *op);
                rest.iter().fold(self.operand(op, first, at), |bound, (op, operand)| {
                    bound.beside(self.operand(*op, operand, at))
                })
            }
            Expr::Function { func, args } => {
                let mut bound = self.all(args, at);
                if args.is_empty() {
                    bound = bound.beside(self.nodes(at, false));
                }
                let mut single = bound.into_single(at);
                if *func == Func::Translate {
                    // Every character may give way to a longer one.
                    single.text = single.text.saturating_mul(4);
                }
                if *func == Func::Id {
                    // Every word of the text may be the identifier of a node.
                    single.work =
                        single.work.saturating_add(single.text.saturating_mul(self.nodes));
                    single = single.beside(self.nodes(self.reached(Axis::Following, at), false));
                }
                single
            }
        }
    }

    /// An operand of an operator: a union keeps nodes, everything else reads them.
    fn operand(&self, op: BinaryOp, expression: &Expr, at: Contexts) -> Bound {
        let bound = self.expression(expression, at);
        match op {
            BinaryOp::Union => bound,
            BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Mod => bound.into_single(at),
        }
    }

    /// Expressions evaluated one beside the other.
    fn all(&self, expressions: &[Expr], at: Contexts) -> Bound {
        let nothing = Bound { work: at.total, nodes: None, text: 0, reading: 0 };
        expressions
            .iter()
            .fold(nothing, |bound, expression| bound.beside(self.expression(expression, at)))
    }

    /// The steps of a path that is evaluated so many times.
    fn path(&self, steps: &[Step], from: Contexts, evaluations: u64) -> Bound {
        let (mut at, mut work, mut attribute) = (from, evaluations, false);
        // From several nodes, which ones are known is kept in a table of all.
        let mut table = if from.total > evaluations { self.nodes / 64 } else { 0 };
        for step in steps {
            let reached = self.reached(step.axis, at);
            let judged = self.all(&step.predicates, reached);
            work = [
                at.total,
                reached.total.saturating_mul(ORDER),
                judged.work,
                evaluations.saturating_mul(table),
            ]
            .into_iter()
            .fold(work, u64::saturating_add);
            attribute = step.axis == Axis::Attribute;
            table = self.nodes / 64;
            at = reached;
        }
        let nodes = self.nodes(at, attribute);
        Bound { work: work.saturating_add(nodes.work), ..nodes }
    }

    /// What an axis reaches, before anything is tested.
    fn reached(&self, axis: Axis, at: Contexts) -> Contexts {
        let (each, repeats) = match axis {
            Axis::SelfAxis => (1, at.repeats),
            Axis::Child => (self.fanout, at.repeats),
            Axis::Attribute => (self.attributes, at.repeats),
            // A node is below as many nodes as it is deep.
            Axis::Descendant | Axis::DescendantOrSelf => {
                (self.nodes, at.repeats.saturating_mul(self.depth))
            }
            Axis::Parent => (1, at.total),
            Axis::Ancestor | Axis::AncestorOrSelf => (self.depth, at.total),
            Axis::FollowingSibling | Axis::PrecedingSibling => (self.fanout, at.total),
            Axis::Following | Axis::Preceding | Axis::Namespace => (self.nodes, at.total),
        };
        let repeats = repeats.min(at.total);
        let total = at.total.saturating_mul(each).min(self.nodes.saturating_mul(repeats));
        Contexts { total, repeats }
    }

    /// Nodes with their texts. The text of an element is that of all nodes below it.
    fn nodes(&self, at: Contexts, attribute: bool) -> Bound {
        let (text, reading) = if attribute {
            let text = at.total.saturating_mul(self.attribute);
            (text, at.total.saturating_add(text / TEXT))
        } else {
            let whole = at.total.min(at.repeats.saturating_mul(self.depth));
            let text = whole.saturating_mul(self.text);
            (text, whole.saturating_mul(self.nodes).saturating_add(text / TEXT))
        };
        Bound { work: 0, nodes: Some(at), text, reading }
    }
}

impl Bound {
    /// One value of so many bytes in every evaluation.
    fn single(at: Contexts, bytes: u64) -> Self {
        let text = at.total.saturating_mul(bytes);
        let work = at.total.saturating_add(text / TEXT);
        Self { work, nodes: None, text, reading: text / TEXT }
    }

    /// What was given is read, ordered and made into one value in every evaluation.
    fn into_single(self, at: Contexts) -> Self {
        let read = self.reading.saturating_mul(ORDER);
        let work = self.work.saturating_add(read).saturating_add(at.total);
        let reading = at.total.saturating_add(self.text / TEXT);
        let text = self.text.saturating_add(at.total.saturating_mul(NUMBER));
        Self { work, nodes: None, text, reading }
    }

    /// The same after something that is work, too.
    fn after(self, before: Self) -> Self {
        let work = self.work.saturating_add(before.work);
        Self { work, ..self }
    }

    /// Both together.
    fn beside(self, other: Self) -> Self {
        let both = |left: Contexts, right: Contexts| Contexts {
            total: left.total.saturating_add(right.total),
            repeats: left.repeats.saturating_add(right.repeats),
        };
        Self {
            work: self.work.saturating_add(other.work),
            nodes: match (self.nodes, other.nodes) {
                (Some(left), Some(right)) => Some(both(left, right)),
                (one, None) | (None, one) => one,
            },
            text: self.text.saturating_add(other.text),
            reading: self.reading.saturating_add(other.reading),
        }
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
