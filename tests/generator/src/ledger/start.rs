//! What is there before anybody is: the release's catalogues, a resource and a system.

use fullmakt_commands::import::catalogue::catalogues;
use fullmakt_events::{
    ClientId, LocalizedText, OrgNumber, PackageUrn, ResourceId, StreamName, SystemId,
    SystemInternalId,
    event::{
        CatalogueEvent, PolicyPublished, ResourceCreated, ResourceDefinition, ResourceEvent,
        SystemDefinition, SystemEvent, SystemRegistered,
    },
};
use serde_json::Map;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Broken, Events, Kind};
use crate::Country;

/// The resource that accountants use for their clients.
pub const RESOURCE: &str = "demo-vat-return";
/// Its policy, from the demonstration data.
const POLICY: &str =
    include_str!("../../../../services/fullmakt/demo/policies/demo-vat-return.xml");
/// What an accountant's role gives for a client, and the system may ask for.
pub(super) const PACKAGES: [&str; 3] = [
    "urn:altinn:accesspackage:regnskapsforer-med-signeringsrettighet",
    "urn:altinn:accesspackage:regnskapsforer-uten-signeringsrettighet",
    "urn:altinn:accesspackage:regnskapsforer-lonn",
];

/// The one system there is, made by the first unit.
pub(super) fn system(country: &Country) -> Result<(SystemId, OrgNumber), Broken> {
    let vendor = country.unit(0).ok_or("there is no unit")?.number;
    Ok((format!("{vendor}_accounting-cloud").parse()?, vendor))
}

pub(super) fn events(country: &Country) -> Result<Vec<Events>, Broken> {
    let mut commits: Vec<Events> = Vec::new();
    for published in catalogues()? {
        let stream = StreamName::catalogue(published.content.name());
        commits.push(vec![(stream, CatalogueEvent::Published(published).into())]);
    }
    commits.push(resource(country)?);
    commits.push(registered(country)?);
    Ok(commits)
}

fn resource(country: &Country) -> Result<Events, Broken> {
    let id: ResourceId = RESOURCE.parse()?;
    let definition = ResourceDefinition {
        id: id.clone(),
        owner: system(country)?.1,
        resource_type: "GenericAccessResource".to_owned(),
        is_delegable: true,
        metadata: Map::new(),
    };
    let created = ResourceCreated { resource: definition };
    let hash = hex::encode(Sha256::digest(POLICY));
    let published = PolicyPublished { id: id.clone(), hash, xml: POLICY.to_owned() };
    let stream = StreamName::resource(&id);
    Ok(vec![
        (stream.clone(), ResourceEvent::Created(created).into()),
        (stream, ResourceEvent::PolicyPublished(published).into()),
    ])
}

fn registered(country: &Country) -> Result<Events, Broken> {
    let (id, vendor) = system(country)?;
    let text = |text: &str| LocalizedText {
        nb: text.to_owned(),
        nn: text.to_owned(),
        en: text.to_owned(),
    };
    let definition = SystemDefinition {
        id: id.clone(),
        vendor,
        name: text("Accounting cloud"),
        description: text("Keeps books."),
        rights: Vec::new(),
        access_packages: PACKAGES.map(PackageUrn::new).to_vec(),
        client_ids: Vec::<ClientId>::new(),
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    };
    let internal_id = SystemInternalId::new(Uuid::from_u128(country.bits(Kind::SYSTEM, 0)));
    let registered = SystemRegistered { internal_id, system: Box::new(definition) };
    Ok(vec![(StreamName::system(&id), SystemEvent::Registered(registered).into())])
}
