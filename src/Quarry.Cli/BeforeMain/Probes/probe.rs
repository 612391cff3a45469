// Constructs of Rust. Without an argument the program does no more than to mark that main has begun; with
// "list" it prints the constructs, with a number it uses one twice, between marks.

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

struct Choice {
    lists: bool,
    wanted: usize,
    number: usize,
}

macro_rules! construct {
    ($choice:ident, $code:expr) => {
        if $choice.lists {
            println!("{}", stringify!($code));
        } else if $choice.number == $choice.wanted {
            for _ in 0..2 {
                mark();
                let _ = $code;
                mark();
            }
        }
        $choice.number += 1;
    };
}

fn main() {
    mark();
    let word = std::env::args().nth(1).unwrap_or_default();
    let lists = word == "list";
    let mut choice = Choice { lists, wanted: word.parse().unwrap_or(usize::MAX), number: 0 };

    construct!(choice, println!());
    construct!(choice, eprintln!());
    construct!(choice, std::io::stdout().write(b""));
    construct!(choice, std::io::stderr().write(b"hello"));
    construct!(choice, std::io::stderr().write_fmt(format_args!("{}", 1)));
    construct!(choice, format!("{}", 1));
    construct!(choice, String::new());
    construct!(choice, String::from("hello"));
    construct!(choice, Box::new(1));
    construct!(choice, Rc::new(1));
    construct!(choice, Arc::new(1));
    construct!(choice, Mutex::new(1));
    construct!(choice, Vec::<i32>::new());
    construct!(choice, vec![1, 2, 3]);
    construct!(choice, (0..100).collect::<Vec<i32>>());
    construct!(choice, (0..100).filter(|n| n % 3 == 0).collect::<Vec<i32>>());
    construct!(choice, HashMap::<i32, i32>::new());
    construct!(choice, HashMap::from([(1, 1)]));
    construct!(choice, BTreeMap::from([(1, 1)]));
    construct!(choice, std::env::args().count());
    construct!(choice, std::env::var("PATH"));
    construct!(choice, std::fs::File::open("/etc/passwd"));
    construct!(choice, std::fs::read_to_string("/proc/self/comm"));
    construct!(choice, mpsc::channel::<i32>());
    construct!(choice, std::thread::spawn(|| {}).join());
    construct!(choice, std::panic::catch_unwind(|| panic!("oh")));
}
