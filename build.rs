//! Makes what the binary carries: the stylesheet, the files of `public/`, and in a release the browser client.
//!
//! The client is this same crate, built once more for wasm in a target folder of its own and bound by wasm-bindgen's library, so that nobody needs a further
//! tool. A debug build leaves it out (`ANTRITT_CLIENT=1` asks for it, `ANTRITT_CLIENT=0` refuses it in a release too), and `cargo leptos` makes its own.
//! The result is told to the crate by three variables: `ANTRITT_SITE`, the folder to embed; `ANTRITT_STYLE`, the stylesheet's address; and `ANTRITT_CLIENT`,
//! the client's name without its endings, empty where there is none.

/// The client's own build has nothing to embed and must not begin again. It also does without this script's libraries, which halves its time.
#[cfg(not(feature = "ssr"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "ssr")]
fn main() {
    if let Err(sentence) = site::make() {
        println!("cargo::error={}", sentence.replace('\n', " "));
    }
}

#[cfg(feature = "ssr")]
mod site {
    use sha2::{Digest, Sha256};
    use std::{
        env,
        ffi::{OsStr, OsString},
        fmt::Display,
        fs,
        path::{Path, PathBuf},
        process::{Command, Stdio},
    };
    use wasm_bindgen_cli_support::Bindgen;

    const WASM: &str = "wasm32-unknown-unknown";
    /// What wasm and script may weigh together on the wire, in bytes.
    const BUDGET: usize = 120_000;

    type Fallible<T> = Result<T, String>;

    pub fn make() -> Fallible<()> {
        for path in ["build.rs", "style", "public"] {
            println!("cargo::rerun-if-changed={path}");
        }
        for name in ["ANTRITT_CLIENT", "LEPTOS_OUTPUT_NAME"] {
            println!("cargo::rerun-if-env-changed={name}");
        }
        let out = PathBuf::from(set("OUT_DIR")?);
        let site = Site {
            root: out.join("site"),
            release: set("PROFILE")? == "release",
        };
        site.clear()?;
        site.copy(Path::new("public"), &site.root)?;
        let style = site.style()?;
        let client = match env::var("LEPTOS_OUTPUT_NAME") {
            Ok(name) => name,
            Err(_) if client_wanted(site.release) => site.client(&out)?,
            Err(_) => String::new(),
        };
        println!("cargo::rustc-env=ANTRITT_SITE={}", site.root.display());
        println!("cargo::rustc-env=ANTRITT_STYLE=/assets/{style}");
        println!("cargo::rustc-env=ANTRITT_CLIENT={client}");
        Ok(())
    }

    fn client_wanted(release: bool) -> bool {
        match env::var("ANTRITT_CLIENT").as_deref() {
            Ok("1") => true,
            Ok("0") => false,
            _ => release,
        }
    }

    /// The folder that is embedded, with the stable names at its root and those that carry a hash in `assets`.
    struct Site {
        root: PathBuf,
        release: bool,
    }

    impl Site {
        fn clear(&self) -> Fallible<()> {
            if self.root.exists() {
                fs::remove_dir_all(&self.root).map_err(about(&self.root))?;
            }
            let assets = self.root.join("assets");
            fs::create_dir_all(&assets).map_err(about(&assets))
        }

        fn copy(&self, from: &Path, to: &Path) -> Fallible<()> {
            fs::create_dir_all(to).map_err(about(to))?;
            for path in entries(from)? {
                let target = to.join(path.file_name().unwrap_or_default());
                if path.is_dir() {
                    self.copy(&path, &target)?;
                } else {
                    self.write(&target, &read(&path)?)?;
                }
            }
            Ok(())
        }

        /// One stylesheet out of many files, in the order of their names.
        fn style(&self) -> Fallible<String> {
            let mut text = Vec::new();
            for path in entries(Path::new("style"))? {
                if path.extension() == Some(OsStr::new("css")) {
                    text.extend(read(&path)?);
                    text.push(b'\n');
                }
            }
            let name = format!("antritt-{}.css", hash(&[&text]));
            self.write(&self.root.join("assets").join(&name), &text)?;
            Ok(name)
        }

        /// Builds and binds the client; gives the name that Leptos completes with `.js` and `_bg.wasm`.
        fn client(&self, out: &Path) -> Fallible<String> {
            let (script, wasm) = bound(&compiled(out)?, &out.join("client"))?;
            let name = format!("antritt-{}", hash(&[&script, &wasm]));
            let script = String::from_utf8_lossy(&script).replace("antritt_bg.wasm", &format!("{name}_bg.wasm"));
            let assets = self.root.join("assets");
            let script = self.write(&assets.join(format!("{name}.js")), script.as_bytes())?;
            let wasm = self.write(&assets.join(format!("{name}_bg.wasm")), &wasm)?;
            if self.release { within_budget(wasm, script).map(|()| name) } else { Ok(name) }
        }

        /// Writes a file and, in a release, its compressed copy where that is smaller. Returns the bytes that a browser gets.
        fn write(&self, path: &Path, data: &[u8]) -> Fallible<usize> {
            fs::write(path, data).map_err(about(path))?;
            if !self.release {
                return Ok(data.len());
            }
            let small = brotli(data).map_err(about(path))?;
            if small.len() >= data.len() {
                return Ok(data.len());
            }
            let mut name = OsString::from(path);
            name.push(".br");
            fs::write(&name, &small).map_err(about(path))?;
            Ok(small.len())
        }
    }

    fn within_budget(wasm: usize, script: usize) -> Fallible<()> {
        let figures = format!("{} brotli (wasm {}, script {})", kilobytes(wasm + script), kilobytes(wasm), kilobytes(script));
        if wasm + script > BUDGET {
            return Err(format!(
                "the browser client has {figures}, and its budget is {}: take something out of it.",
                kilobytes(BUDGET)
            ));
        }
        println!("cargo::warning=browser client: {figures}");
        Ok(())
    }

    fn kilobytes(bytes: usize) -> String {
        format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
    }

    /// Runs cargo once more, for wasm, and tells the outer one which sources went into it.
    fn compiled(out: &Path) -> Fallible<PathBuf> {
        target_installed()?;
        let target = target_folder(out)?;
        let mut cargo = Command::new(set("CARGO")?);
        cargo.args([
            "build",
            "--locked",
            "--lib",
            "--no-default-features",
            "--features",
            "hydrate",
            "--profile",
            "client",
            "--target",
            WASM,
            "--target-dir",
        ]);
        cargo.arg(&target).stdout(Stdio::null());
        for (name, _) in env::vars_os().filter(|(name, _)| about_the_outer_build(name)) {
            cargo.env_remove(name);
        }
        // Set, though empty, it outweighs the server's flags in .cargo/config.toml: boxed views would add a sixth to the client.
        cargo.env("CARGO_ENCODED_RUSTFLAGS", "");
        let status = cargo
            .status()
            .map_err(|error| format!("cargo cannot be run for the browser client ({error})."))?;
        if !status.success() {
            // cargo shows what this script wrote to stderr only when it fails by its exit code
            eprintln!("the browser client does not compile; see above.");
            std::process::exit(1);
        }
        let folder = target.join(WASM).join("client");
        watch_sources(&folder.join("antritt.d"));
        Ok(folder.join("antritt.wasm"))
    }

    /// `<target>/client` beside `<target>/<profile>/build/<this package>/out`: debug and release share it, and no lock of the outer cargo is on it.
    fn target_folder(out: &Path) -> Fallible<PathBuf> {
        let build = out.ancestors().find(|path| path.file_name() == Some(OsStr::new("build")));
        let target = build.and_then(|path| path.ancestors().nth(2));
        target
            .map(|path| path.join("client"))
            .ok_or_else(|| format!("no target folder is above {}.", out.display()))
    }

    fn target_installed() -> Fallible<()> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .args(["--print", "target-libdir", "--target", WASM])
            .output()
            .map_err(|error| format!("rustc cannot be run ({error})."))?;
        if Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir() {
            return Ok(());
        }
        Err(format!(
            "the browser client needs Rust's target {WASM}, which is not installed; add it by: rustup target add {WASM}"
        ))
    }

    /// What cargo set for this script, and flags that were meant for the server: either would make the inner build another one.
    fn about_the_outer_build(name: &OsStr) -> bool {
        const NAMES: [&str; 14] = [
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_BUILD_TARGET",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_TARGET_DIR",
            "DEBUG",
            "HOST",
            "NUM_JOBS",
            "OPT_LEVEL",
            "OUT_DIR",
            "PROFILE",
            "RUSTC_WORKSPACE_WRAPPER",
            "RUSTFLAGS",
            "TARGET",
        ];
        const BEGINNINGS: [&str; 5] = ["CARGO_CFG_", "CARGO_FEATURE_", "CARGO_MANIFEST_", "CARGO_PKG_", "DEP_"];
        name.to_str()
            .is_some_and(|name| NAMES.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)))
    }

    /// The compiler's own list of what it read is exact: a change of the server alone does not bring this script here again.
    fn watch_sources(list: &Path) {
        for path in ["Cargo.toml", "Cargo.lock"] {
            println!("cargo::rerun-if-changed={path}");
        }
        let text = fs::read_to_string(list).unwrap_or_default();
        let Some((_, sources)) = text.split_once(": ") else {
            println!("cargo::rerun-if-changed=src");
            return;
        };
        for source in sources.trim().replace("\\ ", "\0").split(' ') {
            println!("cargo::rerun-if-changed={}", source.replace('\0', " "));
        }
    }

    /// The script and the wasm that it loads, as wasm-bindgen makes them for the web.
    fn bound(wasm: &Path, folder: &Path) -> Fallible<(Vec<u8>, Vec<u8>)> {
        let bind = || {
            Bindgen::new()
                .input_path(wasm)
                .web(true)?
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .out_name("antritt")
                .generate(folder)
        };
        bind().map_err(|error| format!("wasm-bindgen cannot bind the browser client ({error:#})."))?;
        if folder.join("snippets").exists() {
            return Err("the browser client brings script snippets, which are not served: replace the library that brings them.".to_owned());
        }
        Ok((without_comments(&read(&folder.join("antritt.js"))?), read(&folder.join("antritt_bg.wasm"))?))
    }

    /// The generated script without its comments and its indentation, a seventh of what is sent. It has no text over several lines.
    fn without_comments(script: &[u8]) -> Vec<u8> {
        let script = String::from_utf8_lossy(script);
        let lines = script.lines().map(str::trim);
        let code: Vec<_> = lines
            .filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with("/*") && !line.starts_with('*'))
            .collect();
        code.join("\n").into_bytes()
    }

    fn brotli(data: &[u8]) -> std::io::Result<Vec<u8>> {
        let params = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            size_hint: data.len(),
            ..Default::default()
        };
        let mut small = Vec::new();
        brotli::BrotliCompress(&mut &*data, &mut small, &params)?;
        Ok(small)
    }

    fn hash(parts: &[&[u8]]) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        hex::encode(&hash.finalize()[..6])
    }

    /// The entries of a folder, sorted by name; those that editors and systems hide are left out.
    fn entries(folder: &Path) -> Fallible<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(about(folder))? {
            let entry = entry.map_err(about(folder))?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn read(path: &Path) -> Fallible<Vec<u8>> {
        fs::read(path).map_err(about(path))
    }

    fn set(name: &str) -> Fallible<String> {
        env::var(name).map_err(|_| format!("{name} is not set; this script is run by cargo."))
    }

    fn about<E: Display>(path: &Path) -> impl Fn(E) -> String {
        move |error| format!("{}: {error}.", path.display())
    }
}
