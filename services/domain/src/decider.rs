//! What all deciders have in common.

use fullmakt_events::{
    Event, StreamName, Timestamp,
    event::{
        AccessListEvent, AgreementEvent, CatalogueEvent, ChangeRequestEvent, ClientIdEvent,
        ClientLinkEvent, CommandEvent, MandateEvent, OrgNumberEvent, PartyEvent, PartyNumberEvent,
        ResourceEvent, ResourceRightEvent, SystemEvent, TokenClientEvent, TokenScopeEvent,
    },
};

/// The write-side state of one stream, together with its rules.
///
/// `Default` is the initial state: the stream before anything has happened.
pub trait Decider: Default {
    /// What may be asked.
    type Command;
    /// What may happen.
    type Event: Family;
    /// Why what was asked does not happen.
    type Error: std::error::Error;

    /// Names the streams of this decider, as in `system/<id>`.
    const CATEGORY: &'static str;

    /// Decides what `command` makes happen, given everything that has happened.
    ///
    /// An empty list means "that is already so", which makes commands safe to send twice.
    ///
    /// # Errors
    /// When a rule forbids it. A refusal is a value: it says which rule, and what was seen.
    fn decide(&self, command: &Self::Command) -> Result<Vec<Self::Event>, Self::Error>;

    /// The state after an event. Total and rule-free: a fact is never argued with.
    #[must_use]
    fn evolve(self, recorded: Recorded<'_, Self::Event>) -> Self;

    /// The state after a whole history.
    #[must_use]
    fn replay<'a>(history: impl IntoIterator<Item = Recorded<'a, Self::Event>>) -> Self
    where
        Self::Event: 'a,
    {
        history.into_iter().fold(Self::default(), Self::evolve)
    }

    /// The state of a stream with these events, each with the ledger time of its commit.
    ///
    /// An event of another family has no meaning on this stream, and none is given to it.
    #[must_use]
    fn of_stream<'a>(history: impl IntoIterator<Item = (&'a Event, Timestamp)>) -> Self
    where
        Self::Event: 'a,
    {
        Self::replay(history.into_iter().filter_map(|(event, at)| {
            let event = Self::Event::of(event)?;
            Some(Recorded { event, at })
        }))
    }
}

/// A fact together with the ledger time of the commit that recorded it.
///
/// What expires is reckoned from that time, so that everybody reckons alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded<'a, E> {
    /// The fact.
    pub event: &'a E,
    /// The ledger time at its commit's position.
    pub at: Timestamp,
}

/// What a command makes happen on all streams it touches, in order.
pub type Outcome = Vec<(StreamName, Event)>;

/// The facts as an outcome on one stream.
pub(crate) fn on<E: Into<Event>>(
    stream: &StreamName,
    events: impl IntoIterator<Item = E>,
) -> impl Iterator<Item = (StreamName, Event)> {
    events.into_iter().map(|event| (stream.clone(), event.into()))
}

/// A family of events: what can happen on the streams of one category.
pub trait Family: Sized + Into<Event> {
    /// The event, if it is of this family.
    fn of(event: &Event) -> Option<&Self>;
}

macro_rules! families {
    ($($variant:ident($family:ident),)+) => {
        $(
            impl Family for $family {
                fn of(event: &Event) -> Option<&Self> {
                    if let Event::$variant(event) = event { Some(event) } else { None }
                }
            }
        )+
    };
}

families! {
    System(SystemEvent),
    ClientId(ClientIdEvent),
    TokenClient(TokenClientEvent),
    TokenScope(TokenScopeEvent),
    Agreement(AgreementEvent),
    ChangeRequest(ChangeRequestEvent),
    ClientLink(ClientLinkEvent),
    Mandate(MandateEvent),
    Party(PartyEvent),
    OrgNumber(OrgNumberEvent),
    PartyNumber(PartyNumberEvent),
    Resource(ResourceEvent),
    ResourceRight(ResourceRightEvent),
    AccessList(AccessListEvent),
    Catalogue(CatalogueEvent),
    Command(CommandEvent),
}
