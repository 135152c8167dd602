use super::*;

#[test]
fn a_name_is_kept_without_the_space_around_it() {
    assert_eq!(Name::new(" Kari Ærlig \n").unwrap().reveal(), "Kari Ærlig");
    assert!(Name::new(&"a".repeat(500)).is_ok());
}

#[test]
fn what_is_no_name_is_refused() {
    for text in ["", "  ", "a\nb", "a\0", &"a".repeat(501)] {
        assert_eq!(Name::new(text), Err(NameError), "{text}");
    }
}

#[test]
fn a_name_is_not_printed() {
    let name = Name::new("Kari Ærlig").unwrap();
    assert_eq!(format!("{name:?}"), "Name(***)");
}
