// A program that binds jemalloc as the crate tikv-jemalloc-sys does, allocates through it as tikv-jemallocator does,
// and reads statistics as tikv-jemalloc-ctl does: jemalloc CASE. With --cfg prefixed, the names have the prefix
// _rjem_, as by default in the crate.
use std::alloc::{GlobalAlloc, Layout};
use std::collections::HashMap;
use std::os::raw::{c_char, c_int, c_void};
use std::ptr;

extern "C" {
    #[cfg_attr(prefixed, link_name = "_rjem_malloc")]
    fn malloc(size: usize) -> *mut c_void;
    #[cfg_attr(prefixed, link_name = "_rjem_calloc")]
    fn calloc(count: usize, size: usize) -> *mut c_void;
    #[cfg_attr(prefixed, link_name = "_rjem_realloc")]
    fn realloc(block: *mut c_void, size: usize) -> *mut c_void;
    #[cfg_attr(prefixed, link_name = "_rjem_malloc_usable_size")]
    fn malloc_usable_size(block: *const c_void) -> usize;
    #[cfg_attr(prefixed, link_name = "_rjem_mallocx")]
    fn mallocx(size: usize, flags: c_int) -> *mut c_void;
    #[cfg_attr(prefixed, link_name = "_rjem_rallocx")]
    fn rallocx(block: *mut c_void, size: usize, flags: c_int) -> *mut c_void;
    #[cfg_attr(prefixed, link_name = "_rjem_sdallocx")]
    fn sdallocx(block: *mut c_void, size: usize, flags: c_int);
    #[cfg_attr(prefixed, link_name = "_rjem_nallocx")]
    fn nallocx(size: usize, flags: c_int) -> usize;
    #[cfg_attr(prefixed, link_name = "_rjem_mallctl")]
    fn mallctl(name: *const c_char, old: *mut c_void, old_length: *mut usize, new: *mut c_void, length: usize)
        -> c_int;
    #[cfg_attr(prefixed, link_name = "_rjem_mallctlnametomib")]
    fn mallctlnametomib(name: *const c_char, mib: *mut usize, length: *mut usize) -> c_int;
    #[cfg_attr(prefixed, link_name = "_rjem_mallctlbymib")]
    fn mallctlbymib(mib: *const usize, depth: usize, old: *mut c_void, old_length: *mut usize, new: *mut c_void,
        length: usize) -> c_int;
    #[cfg_attr(prefixed, link_name = "_rjem_malloc_stats_print")]
    fn malloc_stats_print(write: Option<unsafe extern "C" fn(*mut c_void, *const c_char)>, argument: *mut c_void,
        letters: *const c_char);
}

#[repr(transparent)]
pub struct Conf(*const c_char);
unsafe impl Sync for Conf {}

#[cfg_attr(prefixed, export_name = "_rjem_malloc_conf")]
#[cfg_attr(not(prefixed), export_name = "malloc_conf")]
pub static CONF: Conf = Conf(b"dirty_decay_ms:4321\0" as *const u8 as *const c_char);

struct Jemalloc;

const QUANTUM: usize = 16;

fn flags_of(align: usize, size: usize) -> c_int {
    if align <= QUANTUM && align <= size { 0 } else { align.trailing_zeros() as c_int }
}

unsafe impl GlobalAlloc for Jemalloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let flags = flags_of(layout.align(), layout.size());
        (if flags == 0 { malloc(layout.size()) } else { mallocx(layout.size(), flags) }) as *mut u8
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let flags = flags_of(layout.align(), layout.size());
        (if flags == 0 { calloc(1, layout.size()) } else { mallocx(layout.size(), flags | 0x40) }) as *mut u8
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        sdallocx(block as *mut c_void, layout.size(), flags_of(layout.align(), layout.size()))
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let flags = flags_of(layout.align(), size);
        (if flags == 0 { realloc(block as *mut c_void, size) } else { rallocx(block as *mut c_void, size, flags) })
            as *mut u8
    }
}

#[global_allocator]
static GLOBAL: Jemalloc = Jemalloc;

unsafe fn read<T: Copy>(name: &[u8], mut value: T) -> T {
    let mut length = std::mem::size_of::<T>();
    let error = mallctl(name.as_ptr() as *const c_char, &mut value as *mut T as *mut c_void, &mut length,
        ptr::null_mut(), 0);
    assert_eq!((error, length), (0, std::mem::size_of::<T>()));
    value
}

unsafe fn advance_epoch() -> u64 {
    let (mut old, mut new, mut length) = (0u64, 1u64, 8usize);
    assert_eq!(0, mallctl(b"epoch\0".as_ptr() as *const c_char, &mut old as *mut u64 as *mut c_void, &mut length,
        &mut new as *mut u64 as *mut c_void, 8));
    old
}

fn collections() {
    let threads: Vec<_> = (0..4).map(|seed: usize| std::thread::spawn(move || {
        let mut map: HashMap<String, Vec<usize>> = HashMap::new();
        for i in 0..50_000 {
            map.entry(format!("key {}", i * 31 % 997 + seed)).or_default().push(i);
        }
        map.values().map(|list| list.len()).sum::<usize>()
    })).collect();
    assert_eq!(200_000, threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>());

    #[repr(align(4096))]
    struct Page(#[allow(dead_code)] [u8; 4096]);
    let pages: Vec<Box<Page>> = (0..100).map(|i| Box::new(Page([i as u8; 4096]))).collect();
    assert!(pages.iter().all(|page| &**page as *const Page as usize % 4096 == 0));
    assert!(vec![0u8; 1 << 20].iter().all(|byte| *byte == 0));
}

unsafe fn statistics() {
    let first = advance_epoch();
    let before = read(b"stats.allocated\0", 0usize);
    let block = vec![1u8; 10 << 20];
    assert_eq!(before, read(b"stats.allocated\0", 0usize));
    assert_eq!(first + 1, advance_epoch());
    let after = read(b"stats.allocated\0", 0usize);
    assert!(after - before >= 10 << 20 && after - before < 11 << 20, "{} to {}", before, after);
    assert!(read(b"stats.active\0", 0usize) >= after);
    assert!(read(b"stats.resident\0", 0usize) >= read(b"stats.active\0", 0usize));

    let (mut mib, mut depth) = ([0usize; 2], 2usize);
    assert_eq!(0, mallctlnametomib(b"stats.allocated\0".as_ptr() as *const c_char, mib.as_mut_ptr(), &mut depth));
    let (mut value, mut length) = (0usize, 8usize);
    assert_eq!(0, mallctlbymib(mib.as_ptr(), depth, &mut value as *mut usize as *mut c_void, &mut length,
        ptr::null_mut(), 0));
    assert_eq!(after, value);

    let counter = read(b"thread.allocatedp\0", ptr::null_mut::<u64>());
    let counted = ptr::read_volatile(counter);
    let boxed = Box::new([0u64; 9]);
    assert_eq!(nallocx(72, 0) as u64, ptr::read_volatile(counter) - counted);
    assert_eq!(nallocx(72, 0), malloc_usable_size(&*boxed as *const [u64; 9] as *const c_void));
    drop(block);

    unsafe extern "C" fn collect(text: *mut c_void, piece: *const c_char) {
        (*(text as *mut String)).push_str(std::ffi::CStr::from_ptr(piece).to_str().unwrap());
    }
    let mut report = String::new();
    malloc_stats_print(Some(collect), &mut report as *mut String as *mut c_void,
        b"Jmdablx\0".as_ptr() as *const c_char);
    assert!(report.starts_with("{\"jemalloc\":{") && report.trim_end().ends_with('}'), "{}", report);
}

fn main() {
    let version = unsafe { std::ffi::CStr::from_ptr(read(b"version\0", ptr::null::<c_char>())) };
    assert!(version.to_str().unwrap().starts_with("5."));
    match std::env::args().nth(1).as_deref() {
        Some("collections") => collections(),
        Some("statistics") => unsafe { statistics() },
        Some("options") => println!("dirty={}", unsafe { read(b"opt.dirty_decay_ms\0", 0isize) }),
        other => panic!("no such case: {:?}", other),
    }
}
