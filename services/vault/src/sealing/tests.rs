use uuid::Uuid;

use super::*;

fn party(id: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(id))
}

#[test]
fn a_sealed_value_opens_with_its_key_for_its_party_as_what_it_is() {
    let key = DataKey::new(&[7; 32]).unwrap();
    let sealed = key.seal(party(1), Field::Name, b"Kari").unwrap();
    assert_eq!(key.open(party(1), Field::Name, &sealed).unwrap(), b"Kari");
    assert!(!sealed.windows(4).any(|window| window == b"Kari"));
}

#[test]
fn it_does_not_open_with_another_key_for_another_party_or_as_something_else() {
    let key = DataKey::new(&[7; 32]).unwrap();
    let sealed = key.seal(party(1), Field::Name, b"Kari").unwrap();
    assert!(DataKey::new(&[8; 32]).unwrap().open(party(1), Field::Name, &sealed).is_err());
    assert!(key.open(party(2), Field::Name, &sealed).is_err());
    assert!(key.open(party(1), Field::Number, &sealed).is_err());
}

#[test]
fn a_changed_or_shortened_value_does_not_open() {
    let key = DataKey::new(&[7; 32]).unwrap();
    let sealed = key.seal(party(1), Field::Name, b"Kari").unwrap();
    for index in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[index] ^= 1;
        assert!(key.open(party(1), Field::Name, &changed).is_err(), "byte {index}");
        assert!(key.open(party(1), Field::Name, &sealed[..index]).is_err(), "{index} bytes");
    }
}

#[test]
fn the_same_value_is_never_sealed_the_same_way_twice() {
    let key = DataKey::new(&[7; 32]).unwrap();
    let seal = || key.seal(party(1), Field::Name, b"Kari").unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn the_index_depends_on_number_and_key() {
    let (one, two) = (IndexKey::new(&[1; 32]), IndexKey::new(&[2; 32]));
    let a: NationalNumber = "12838549045".parse().unwrap();
    let b: NationalNumber = "12838549053".parse().unwrap();
    assert_eq!(one.index(&a), one.index(&a));
    assert_ne!(one.index(&a), one.index(&b));
    assert_ne!(one.index(&a), two.index(&a));
    assert_ne!(one.fingerprint(), two.fingerprint());
    assert_eq!(one.index(&a).len(), 32);
}
