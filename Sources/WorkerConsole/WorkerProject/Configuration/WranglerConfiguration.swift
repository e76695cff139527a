package import WorkerDomain

/// What a project's wrangler file says for one environment, with wrangler's defaults.
package struct WranglerConfiguration: Sendable, Equatable {
    package enum Format: String, Sendable, Equatable { case json, jsonc, toml }

    /// Absolute path of the file that was read; `nil` when there is none.
    package var path: String?
    package var format: Format?
    /// The environment that was asked for; `nil` for the top level.
    package var environment: String?
    /// The environments that the file defines, in its order.
    package var definedEnvironments: [String] = []
    /// All keys resolved for the environment, by wrangler's own names, in its order of output; defaults included.
    package var values = ConfigurationValue(.table([]))
    /// Keys that were meant for the top level, by what it lacks.
    package var misplaced: [MisplacedKey] = []

    package init(path: String? = nil, format: Format? = nil, environment: String? = nil) {
        self.path = path
        self.format = format
        self.environment = environment
    }

    package var name: String? { self.values["name"]?.string }
    /// As written in the file.
    package var main: String?
    /// Absolute path of ``main``.
    package var mainPath: String? { self.values["main"]?.string }
    package var compatibilityDate: String? { self.values["compatibility_date"]?.string }
    package var compatibilityFlags: [String] {
        self.values["compatibility_flags"]?.elements?.compactMap(\.string) ?? []
    }
    /// Variables as the configuration has them, `.dev.vars` aside.
    package var vars: [ConfigurationValue.Member] { self.values["vars"]?.members ?? [] }
    package var placement: ConfigurationValue? { self.values["placement"] }
    /// Elements of `routes`, or the one `route`.
    package var routes: [ConfigurationValue] {
        self.values["routes"]?.elements ?? self.values["route"].map { [$0] } ?? []
    }
    package var observability: ConfigurationValue? { self.values["observability"] }

    /// Databases, buckets and namespaces, in the order of the file.
    package var bindings: [Binding] { self.localIdentities.map(\.binding) }

    /// Every D1, R2 and KV binding with the names of its local data.
    package var localIdentities: [LocalIdentity] {
        BindingKinds.all.flatMap { kind in
            (self.values[kind.field]?.elements ?? []).compactMap { kind.identity(of: $0) }
        }
    }

    package var migrations: [MigrationsPlace] {
        (self.values["d1_databases"]?.elements ?? []).compactMap { entry in
            guard let binding = entry["binding"]?.string else { return nil }
            return MigrationsPlace(
                binding: binding, directory: entry["migrations_dir"]?.string ?? "migrations",
                table: entry["migrations_table"]?.string ?? "d1_migrations")
        }
    }

    /// The place of a top-level key's value in the file; `nil` for defaults and inherited names.
    package func position(of key: String) -> SourcePosition? { self.values.member(key)?.value.position }
}
