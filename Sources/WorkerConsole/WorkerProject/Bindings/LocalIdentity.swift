package import WorkerDomain

/// The names under which `wrangler dev` may have stored a binding's local data.
package struct LocalIdentity: Sendable, Hashable {
    package let binding: Binding
    /// Names to derive the local file from, the one that wrangler uses first; never empty.
    ///
    /// D1: preview_database_id, database_id, binding. R2: preview_bucket_name, bucket_name, binding. KV: preview_id, id, binding.
    package let candidates: [String]
    /// True when the configuration says that development uses the deployed resource, so that no local data exists.
    package let isRemote: Bool

    package init(binding: Binding, candidates: [String], isRemote: Bool = false) {
        self.binding = binding
        self.candidates = candidates
        self.isRemote = isRemote
    }
}

/// Where the migrations of a D1 binding stand.
package struct MigrationsPlace: Sendable, Hashable {
    /// Name of the binding.
    package let binding: String
    /// As configured, relative to the configuration file's folder; `migrations` by default.
    package let directory: String
    /// Table that lists the applied ones; `d1_migrations` by default.
    package let table: String

    package init(binding: String, directory: String, table: String) {
        self.binding = binding
        self.directory = directory
        self.table = table
    }
}
