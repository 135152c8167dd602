//! Several keys, one after the other, in several processes.

use super::*;

#[test]
fn a_new_key_is_published_before_it_signs() {
    let folder = Folder::new();
    let keys = folder.open();
    let first = kid_of(&token(&keys));
    let second = folder.rotate(LEAD_SECONDS);
    folder.advance(AGE_MAX_SECONDS);
    assert_eq!(published(&keys), [first.clone(), second.clone()]);
    assert_eq!(kid_of(&token(&keys)), first);
    folder.advance(LEAD_SECONDS - AGE_MAX_SECONDS - 1);
    assert_eq!(kid_of(&token(&keys)), first);
    folder.advance(1);
    assert_eq!(kid_of(&token(&keys)), second);
}

#[test]
fn what_an_old_key_signed_holds_while_it_may_be_valid_and_not_after() {
    let folder = Folder::new();
    let keys = folder.open();
    folder.rotate(LEAD_SECONDS);
    folder.advance(LEAD_SECONDS - 1);
    let last = token(&keys);
    folder.advance(1);
    assert_ne!(kid_of(&token(&keys)), kid_of(&last));
    folder.advance(OVERLAP_SECONDS - 1);
    assert!(holds(&keys, &last));
    folder.advance(1);
    assert!(!holds(&keys, &last));
    assert_eq!(published(&keys), [kid_of(&token(&keys))]);
}

#[test]
fn a_rotation_survives_a_restart_at_every_moment() {
    let folder = Folder::new();
    let running = folder.open();
    let first = token(&running);
    folder.rotate(LEAD_SECONDS);
    for seconds in [0, LEAD_SECONDS - 1, 1, OVERLAP_SECONDS - 1, 1] {
        folder.advance(seconds);
        folder.advance(AGE_MAX_SECONDS);
        let restarted = folder.open();
        assert_eq!(published(&restarted), published(&running));
        assert_eq!(kid_of(&token(&restarted)), kid_of(&token(&running)));
        assert_eq!(holds(&restarted, &first), holds(&running, &first));
    }
}

#[test]
fn two_processes_publish_one_set_and_each_checks_what_the_other_signs() {
    let folder = Folder::new();
    let (one, two) = (folder.open(), folder.open());
    // Nobody waits for the verifiers: the other process looks for the unknown key.
    folder.rotate(0);
    folder.advance(AGE_MAX_SECONDS);
    let signed = token(&one);
    assert!(holds(&two, &signed));
    assert_eq!(one.jwks(), two.jwks());
    assert_eq!(kid_of(&token(&two)), kid_of(&signed));
}

#[test]
fn a_key_that_nobody_has_is_looked_for_at_most_once_a_second() {
    let folder = Folder::new();
    let keys = folder.open();
    folder.advance(1);
    assert!(keys.public_key("made-up").is_none());
    // Rotated in the same second: what is known is that young.
    let second = folder.rotate(LEAD_SECONDS);
    assert!(keys.public_key(&second).is_none());
    folder.advance(1);
    assert!(keys.public_key(&second).is_some());
}

#[test]
fn one_key_waits_at_a_time() {
    let folder = Folder::new();
    folder.open();
    let second = folder.rotate(LEAD_SECONDS);
    let refused = rotate_keys(folder.path(), folder.now(), 0).unwrap_err();
    let from = NOW + LEAD_SECONDS;
    assert!(matches!(&refused, SigningKeyError::Waits { kid, from: seen }
        if *kid == second && *seen == from));
    folder.advance(LEAD_SECONDS);
    let third = folder.rotate(0);
    assert_ne!(second, third);
}

#[test]
fn keys_rotated_in_one_second_get_a_second_each() {
    let folder = Folder::new();
    folder.open();
    folder.rotate(0);
    assert_eq!(folder.states()[1], KeyState::Signs { since: NOW });
    // The next one would have to wait for its second, and is refused while it does.
    let third = rotate_keys(folder.path(), folder.now(), 0).unwrap();
    assert_eq!(third.state, KeyState::Waits { from: NOW + 1 });
}

#[test]
fn of_rotations_at_once_one_makes_a_key() {
    let folder = Folder::new();
    folder.open();
    let barrier = std::sync::Barrier::new(4);
    let made = std::thread::scope(|scope| {
        let rotate = || {
            barrier.wait();
            rotate_keys(folder.path(), folder.now(), LEAD_SECONDS).is_ok()
        };
        let rotations: Vec<_> = (0..4).map(|_| scope.spawn(rotate)).collect();
        rotations.into_iter().map(|one| one.join().unwrap()).filter(|is_made| *is_made).count()
    });
    assert_eq!((made, folder.states().len()), (1, 2));
}

#[test]
fn a_key_that_was_taken_back_checks_nothing_and_its_private_key_is_gone() {
    let folder = Folder::new();
    let keys = folder.open();
    let stolen = token(&keys);
    let kid = kid_of(&stolen);
    assert!(matches!(folder.retire(&kid), Err(SigningKeyError::Signs { .. })));
    let next = folder.rotate(0);
    folder.retire(&kid).unwrap();
    folder.retire(&kid).unwrap();
    folder.advance(AGE_MAX_SECONDS);
    assert!(!holds(&keys, &stolen));
    assert!(!holds(&folder.open(), &stolen));
    assert_eq!(published(&keys), [next]);
    assert_eq!(folder.files(), [format!("signing-key.{NOW}.pem"), "signing-key.retired".into()]);
    let left = fs::read_to_string(folder.path().join("signing-key.retired")).unwrap();
    assert_eq!(left, kid);
}

#[test]
fn a_key_that_waits_can_be_taken_back_and_the_present_one_goes_on() {
    let folder = Folder::new();
    let keys = folder.open();
    let first = kid_of(&token(&keys));
    let second = folder.rotate(LEAD_SECONDS);
    folder.retire(&second).unwrap();
    folder.advance(LEAD_SECONDS + 1);
    assert_eq!(kid_of(&token(&keys)), first);
    assert_eq!(published(&keys), [first]);
    assert!(matches!(folder.retire(&second), Err(SigningKeyError::Unknown { .. })));
}

#[test]
fn the_private_keys_of_those_that_are_over_are_destroyed_with_the_next_rotation_or_when_asked() {
    let folder = Folder::new();
    folder.open();
    folder.rotate(0);
    folder.advance(OVERLAP_SECONDS);
    assert_eq!(folder.states()[0], KeyState::Over { since: NOW + OVERLAP_SECONDS });
    folder.rotate(0);
    let now = NOW + OVERLAP_SECONDS;
    let until = now + OVERLAP_SECONDS;
    assert_eq!(
        folder.states(),
        [KeyState::Retired, KeyState::Checks { until }, KeyState::Signs { since: now }]
    );
    folder.advance(OVERLAP_SECONDS);
    let destroyed = retire_keys_over(folder.path(), folder.now()).unwrap();
    assert_eq!(destroyed.len(), 1);
    assert_eq!(
        folder.states(),
        [KeyState::Retired, KeyState::Retired, KeyState::Signs { since: now }]
    );
    assert_eq!(retire_keys_over(folder.path(), folder.now()).unwrap(), Vec::<String>::new());
}

#[test]
fn nothing_is_made_by_looking() {
    let folder = Folder::new();
    assert_eq!(list_keys(folder.path(), folder.now()).unwrap(), []);
    assert_eq!(list_keys(&folder.path().join("none"), folder.now()).unwrap(), []);
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
}
