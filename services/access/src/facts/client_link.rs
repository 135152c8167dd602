//! What an agent may do for a client: as far as three of the chain say so at once. The client gives
//! it to the owner of the system user, the owner's link gives it to the system user for this client,
//! and the system user may do it for any client, since it was approved with it and its system still
//! declares it.

use fullmakt_events::{PackageUrn, PartyId, Right, StreamName};
use fullmakt_projections::graph::{AccessGraph, PartyNode, Provenance, SystemUserNode};

use super::{FactKind, Facts, Relation, Wanted, givers, mandates::counting, packages::fits};

/// The roles by which an organisation serves another as its client.
const CLIENT_ROLES: [&str; 5] = [
    "urn:altinn:external-role:ccr:regnskapsforer",
    "urn:altinn:external-role:ccr:revisor",
    "urn:altinn:external-role:ccr:forretningsforer",
    "urn:altinn:external-role:ccr:deltaker-delt-ansvar",
    "urn:altinn:external-role:ccr:deltaker-fullt-ansvar",
];

/// What one of the three says may be done, each with the facts of the ledger that it follows from.
#[derive(Default)]
struct Share {
    packages: Vec<(PackageUrn, Vec<Provenance>)>,
    /// Rights to the resource.
    rights: Vec<(Right, Vec<Provenance>)>,
}

/// Adds what an agent may do for the party represented. A link with its main unit counts as well.
pub(super) fn add(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    wanted: Wanted,
    (user, represented): (&SystemUserNode, &PartyNode),
    facts: &mut Facts,
) {
    let ceiling = ceiling(graph, relation, wanted, user);
    let clients = givers::of(graph, represented, relation.at, facts);
    for client in clients.iter().filter(|client| client.gives_mandates()) {
        let id = client.node.party;
        facts.consulted.insert(StreamName::client_link(user.created.id, id));
        let link = graph.client_link(user.created.id, id);
        let Some(link) = link.filter(|link| link.terms.validity.holds_at(relation.at)) else {
            continue;
        };
        let mut path = vec![link.provenance()];
        path.extend(client.path.clone());
        let linked =
            share(relation, wanted, (&link.terms.access_packages, &link.terms.rights), &path);
        let provider = user.created.owner_party;
        let given = given(graph, relation, wanted, (client.node, provider), facts);
        intersect([&ceiling, &linked, &given], facts);
    }
}

/// What a system user may do for any client.
fn ceiling(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    wanted: Wanted,
    user: &SystemUserNode,
) -> Share {
    let approved = &user.created;
    let Some(system) = graph.system(&approved.system) else { return Share::default() };
    let packages = approved.access_packages.iter();
    let packages: Vec<_> = packages.filter(|own| system.declares_package(own)).cloned().collect();
    let rights = approved.rights.iter();
    let rights: Vec<_> = rights.filter(|own| system.declares_right(own)).cloned().collect();
    let path = [user.provenance(), system.provenance()];
    share(relation, wanted, (&packages, &rights), &path)
}

fn share(
    relation: &Relation<'_>,
    wanted: Wanted,
    (packages, rights): (&[PackageUrn], &[Right]),
    path: &[Provenance],
) -> Share {
    let packages = packages.iter().filter(|_| wanted.packages);
    let rights = rights.iter().filter(|right| relation.is_about(right));
    Share {
        packages: packages.map(|package| (package.clone(), path.to_vec())).collect(),
        rights: rights.map(|right| (right.clone(), path.to_vec())).collect(),
    }
}

/// What a client lets the provider do that may be passed on: by a role of the register, or by a
/// mandate.
fn given(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    wanted: Wanted,
    (client, provider): (&PartyNode, PartyId),
    facts: &mut Facts,
) -> Share {
    for name in ["roles", "role-packages", "access-packages"] {
        facts.consulted.insert(StreamName::catalogue(name));
    }
    let catalogue = graph.catalogue();
    let is_passed_on = |package: &PackageUrn| {
        catalogue.package(package).is_some_and(|package| package.is_delegable)
    };
    let mut given = Share::default();
    for giver in givers::of(graph, client, relation.at, facts) {
        let path = |first: Provenance| {
            let mut path = vec![first];
            path.extend(giver.path.clone());
            path
        };
        let serves = |role: &str| CLIENT_ROLES.contains(&role);
        let roles = giver.node.roles.iter().filter(|held| {
            held.holder == provider && serves(held.role.as_str()) && giver.lets(&held.role)
        });
        for held in roles.filter(|_| wanted.packages) {
            let mut path = path(giver.node.provenance(held.since));
            path.extend(catalogue.provenance("role-packages"));
            let packages = catalogue.role(&held.role).map(|node| node.packages.as_slice());
            let packages = packages.unwrap_or_default().iter().filter(|package| {
                package.has_access && fits(package, giver.node) && is_passed_on(&package.package)
            });
            given.packages.extend(packages.map(|own| (own.package.clone(), path.clone())));
        }
        if !giver.gives_mandates() {
            continue;
        }
        facts.consulted.insert(StreamName::mandate(giver.node.party, provider));
        let Some(mandate) = graph.mandate(giver.node.party, provider) else { continue };
        let packages = counting(&mandate.access_packages, relation);
        let packages = packages.filter(|own| wanted.packages && is_passed_on(&own.what));
        given
            .packages
            .extend(packages.map(|own| (own.what.clone(), path(mandate.provenance(own.since)))));
        let rights = counting(&mandate.rights, relation).filter(|own| relation.is_about(&own.what));
        given
            .rights
            .extend(rights.map(|own| (own.what.clone(), path(mandate.provenance(own.since)))));
    }
    given
}

/// Adds what all three say may be done.
fn intersect(shares: [&Share; 3], facts: &mut Facts) {
    let [ceiling, ..] = shares;
    for (package, _) in &ceiling.packages {
        let own = |share: &&Share| {
            share.packages.iter().find(|(own, _)| own == package).map(|(_, path)| path.clone())
        };
        let paths: Option<Vec<_>> = shares.iter().map(own).collect();
        if let Some(paths) = paths {
            let package = package.clone();
            let kind = FactKind::Package { package, has_access: true, can_delegate: false };
            facts.add(kind, paths.concat());
        }
    }
    for (right, _) in shares.iter().flat_map(|share| &share.rights) {
        add_right(right, shares, facts);
    }
}

/// Adds a single right that at least one of the three names. Each of the others names it too, or has
/// packages; whether they hold the right is for the resource's policy to say.
fn add_right(right: &Right, shares: [&Share; 3], facts: &mut Facts) {
    let (mut path, mut within) = (Vec::new(), Vec::new());
    for share in shares {
        if let Some((_, own)) = share.rights.iter().find(|(own, _)| covers(own, right)) {
            path.extend(own.iter().cloned());
        } else if share.packages.is_empty() {
            return;
        } else {
            path.extend(share.packages.iter().flat_map(|(_, own)| own.iter().cloned()));
            within.push(share.packages.iter().map(|(package, _)| package.clone()).collect());
        }
    }
    let mut seen: Vec<Provenance> = Vec::new();
    path.retain(|step| {
        let is_new = !seen.contains(step);
        seen.extend(is_new.then(|| step.clone()));
        is_new
    });
    let kind = if within.is_empty() {
        FactKind::Right(right.clone())
    } else {
        FactKind::RightWithin { right: right.clone(), packages: within }
    };
    facts.add(kind, path);
}

/// Whether a right includes all of another one to the same resource.
fn covers(own: &Right, other: &Right) -> bool {
    match &other.action {
        Some(action) => own.includes(action),
        None => own.action.is_none(),
    }
}
