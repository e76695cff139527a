extension Settings {
    /// Where the data of bindings is read.
    static let stores = [
        Setting(
            "bindings.*.store", .choice, \.store.kind,
            "where a binding's data is read: the local state of `wrangler dev`, for a bucket a plain folder or an S3 server (R2, AWS, MinIO), or nowhere"
        ).takenOver,
        Setting(
            "bindings.*.path", .optional(.path("a path in quotes")), \.store.path, default: "`.wrangler/state`",
            "folder of the local state, as given to `wrangler dev --persist-to`; with `store = \"folder\"` the folder that is the bucket; relative to the file"
        ).takenOver,
        Setting(
            "bindings.*.endpoint",
            .optional(
                .text("`https://` and a host", "a URL like \"https://s3.example.com\"") {
                    SettingText.isPlain($0) && ($0.hasPrefix("https://") || $0.hasPrefix("http://"))
                }),
            \.store.endpoint,
            default: "`AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `R2_ENDPOINT`, the profile's, or R2's of the account",
            "where the S3 server is, without the bucket"
        ).takenOver,
        Setting(
            "bindings.*.bucket", .optional(.text("a name", "the name of a bucket")), \.store.bucket,
            default: "`bucket_name` of the wrangler file", "name of the bucket on the S3 server"
        ).takenOver,
        Setting(
            "bindings.*.region", .optional(.text("a name", "the name of a region like \"eu-central-1\"")),
            \.store.region, default: "`AWS_REGION`, the profile's, for R2 `auto`, else `us-east-1`",
            "region that requests are signed for"
        ).takenOver,
        Setting(
            "bindings.*.profile", .optional(.text("a name", "the name of a profile in ~/.aws")), \.store.profile,
            default: "keys of the environment (`AWS_…`, `R2_…`), the profile `default`, for R2 `CLOUDFLARE_API_TOKEN`",
            "profile of `~/.aws/credentials` and `~/.aws/config` whose keys sign the requests"
        ).takenOver,
        Setting(
            "bindings.*.addressing", .choice, \.store.addressing,
            "how the bucket is named in URLs: in the path, or in the host; `\"auto\"` takes the host for AWS alone"
        ).takenOver,
    ]
}
