//! What processes leave behind when they die, and folders that cannot be read.

use super::*;

#[test]
fn a_draft_that_was_left_behind_is_no_key_and_goes_with_the_next_change() {
    let folder = Folder::new();
    let keys = folder.open();
    let draft = folder.path().join(".0197a000-0000-7000-8000-000000000003");
    // Died before the draft was whole, or after it had its name.
    fs::write(&draft, "-----BEGIN PRI").unwrap();
    assert_eq!(folder.states().len(), 1);
    assert_eq!(folder.open().jwks(), keys.jwks());
    folder.rotate(LEAD_SECONDS);
    assert!(!draft.exists());
    fs::hard_link(folder.path().join(FIRST), &draft).unwrap();
    retire_keys_over(folder.path(), folder.now()).unwrap();
    assert!(!draft.exists());
}

#[test]
fn who_dies_while_taking_a_key_back_has_taken_it_back() {
    let folder = Folder::new();
    let keys = folder.open();
    let signed = token(&keys);
    folder.rotate(0);
    // The mark is there, and the private key still is.
    fs::write(folder.path().join("signing-key.retired"), kid_of(&signed)).unwrap();
    assert_eq!(folder.states()[0], KeyState::Retired);
    folder.advance(AGE_MAX_SECONDS);
    assert!(!holds(&keys, &signed));
    assert!(folder.path().join(FIRST).exists());
    retire_key(folder.path(), folder.now(), &kid_of(&signed)).unwrap();
    assert!(!folder.path().join(FIRST).exists());
    assert_eq!(folder.states()[0], KeyState::Retired);
}

#[test]
fn where_all_keys_were_taken_back_no_key_is_made_by_starting() {
    let folder = Folder::new();
    folder.open();
    fs::rename(folder.path().join(FIRST), folder.path().join("signing-key.retired")).unwrap();
    let keys = folder.open();
    let claims = json!({}).as_object().unwrap().clone();
    assert!(matches!(keys.sign(&claims), Err(SignError::NoKey)));
    assert_eq!(published(&keys), Vec::<String>::new());
    // A rotation mends it, also in the process that runs.
    let next = folder.rotate(0);
    folder.advance(AGE_MAX_SECONDS);
    assert_eq!(kid_of(&token(&keys)), next);
}

#[test]
fn a_folder_that_cannot_be_read_for_a_while_stops_nobody_who_knows_the_keys() {
    let folder = Folder::new();
    let keys = folder.open();
    let signed = token(&keys);
    fs::write(folder.path().join(format!("signing-key.{}.pem", NOW + 60)), "half").unwrap();
    folder.advance(AGE_MAX_SECONDS);
    assert!(holds(&keys, &signed));
    assert_eq!(kid_of(&token(&keys)), kid_of(&signed));
    let opened = SigningKeys::open(folder.path(), folder.clock());
    assert!(matches!(opened, Err(SigningKeyError::NoKey { .. })));
}

#[test]
fn a_key_that_was_restored_from_a_backup_is_taken_up() {
    let folder = Folder::new();
    let other = Folder::new();
    let (keys, others) = (folder.open(), other.open());
    fs::copy(other.path().join(FIRST), folder.path().join(FIRST)).unwrap();
    folder.advance(AGE_MAX_SECONDS);
    assert_eq!(published(&keys), published(&others));
}
