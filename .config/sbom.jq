# A CycloneDX 1.6 bill of materials from the output of cargo; see sbom, which calls it. Fails on a linked crate without licence or checksum.
def key: "\(.name)@\(.version)";
def purl: "pkg:cargo/\(key)";

($linked | [scan("(?m)^(\\S+) v(\\S+)") | "\(.[0])@\(.[1])"] | unique) as $wanted
| ($lock | [scan("name = \"(.+)\"\nversion = \"(.+)\"\nsource = .+\nchecksum = \"(.+)\"") | {key: "\(.[0])@\(.[1])", value: .[2]}] | from_entries) as $checksums
| $metadata[0] as $cargo
| ($cargo.packages | map(select(key | IN($wanted[])))) as $packages
| ($packages | map({key: .id, value: purl}) | from_entries) as $references
| ($packages[] | select(.id == $cargo.resolve.root)) as $itself
| {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
        timestamp: (now | todate),
        lifecycles: [{phase: "build"}],
        component: {type: "application", "bom-ref": ($itself | purl), name: $name, version: $itself.version, licenses: [{expression: $itself.license}]},
        properties: [{name: "cdx:rustc:sbom:target:triple", value: $target}]
    },
    components: ($packages - [$itself] | sort_by(key) | map({
        type: "library",
        "bom-ref": purl,
        name,
        version,
        description,
        scope: "required",
        hashes: [{alg: "SHA-256", content: ($checksums[key] // error("\(key) has no checksum"))}],
        licenses: [{expression: ((.license // error("\(key) has no licence")) | gsub(" */ *"; " OR "))}],
        purl: purl,
        externalReferences: (if .repository then [{type: "vcs", url: .repository}] else [] end)
    } | if .description == null then del(.description) else . end)),
    dependencies: ($cargo.resolve.nodes | map(select($references[.id])) | map({
        ref: $references[.id],
        dependsOn: ([.deps[] | select(any(.dep_kinds[]; .kind == null)) | $references[.pkg] // empty] | unique)
    }) | sort_by(.ref))
}
| if (.components | length) + 1 == ($wanted | length) then . else error("\($wanted | length) crates are linked, \(.components | length + 1) are named") end
