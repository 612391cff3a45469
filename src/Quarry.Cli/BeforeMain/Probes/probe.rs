// Constructs of Rust. Without an argument the program only marks the start of main. With "list" it prints the
// constructs; with a number it uses that construct twice, between marks.

use std::alloc::{alloc, dealloc, Layout};
use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;
use std::io::Write;
use std::rc::Rc;
use std::sync::{mpsc, Arc, Mutex};

fn mark() {
    let layout = Layout::from_size_align(MARK_SIZE, 1).unwrap();
    unsafe { dealloc(black_box(alloc(layout)), layout) }
}

struct Selection {
    lists: bool,
    wanted: usize,
    number: usize,
}

macro_rules! construct {
    ($selection:ident, $code:expr) => {
        if $selection.lists {
            println!("{}", stringify!($code));
        } else if $selection.number == $selection.wanted {
            for _ in 0..2 {
                mark();
                let _ = $code;
                mark();
            }
        }
        $selection.number += 1;
    };
}

fn main() {
    mark();
    let word = std::env::args().nth(1).unwrap_or_default();
    let lists = word == "list";
    let mut selection = Selection { lists, wanted: word.parse().unwrap_or(usize::MAX), number: 0 };

    construct!(selection, println!());
    construct!(selection, eprintln!());
    construct!(selection, std::io::stdout().write(b""));
    construct!(selection, std::io::stderr().write(b"hello"));
    construct!(selection, std::io::stderr().write_fmt(format_args!("{}", 1)));
    construct!(selection, format!("{}", 1));
    construct!(selection, String::new());
    construct!(selection, String::from("hello"));
    construct!(selection, Box::new(1));
    construct!(selection, Rc::new(1));
    construct!(selection, Arc::new(1));
    construct!(selection, Mutex::new(1));
    construct!(selection, Vec::<i32>::new());
    construct!(selection, vec![1, 2, 3]);
    construct!(selection, (0..100).collect::<Vec<i32>>());
    construct!(selection, (0..100).filter(|n| n % 3 == 0).collect::<Vec<i32>>());
    construct!(selection, HashMap::<i32, i32>::new());
    construct!(selection, HashMap::from([(1, 1)]));
    construct!(selection, BTreeMap::from([(1, 1)]));
    construct!(selection, std::env::args().count());
    construct!(selection, std::env::var("PATH"));
    construct!(selection, std::fs::File::open("/etc/passwd"));
    construct!(selection, std::fs::read_to_string("/proc/self/comm"));
    construct!(selection, mpsc::channel::<i32>());
    construct!(selection, std::thread::spawn(|| {}).join());
    construct!(selection, std::panic::catch_unwind(|| panic!("oh")));
}
