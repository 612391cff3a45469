set -e
mkdir -p hello/src
cd hello
printf '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n' > Cargo.toml
cat > src/main.rs <<'END'
fn main() {
    let texts: Vec<String> = (0..1000).map(|i| format!("{i}")).collect();
    println!("{}", texts.concat().len());
}
END
export CARGO_TARGET_DIR=$PWD/target
cargo build --offline --quiet
target/debug/hello
