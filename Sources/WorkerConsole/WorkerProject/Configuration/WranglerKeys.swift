/// wrangler's keys by how environments treat them (wrangler's own documentation of environments, and its validation).
package enum WranglerKeys {
    /// An environment takes these from the top level unless it has its own.
    package static let inheritable = [
        "account_id", "compatibility_date", "compatibility_flags", "jsx_factory", "jsx_fragment", "tsconfig", "rules",
        "name", "main", "find_additional_modules", "preserve_file_names", "base_dir", "route", "routes", "triggers",
        "assets", "limits", "placement", "build", "workers_dev", "preview_urls", "migrations", "exports", "logfwdr",
        "no_bundle", "minify", "keep_names", "first_party_worker", "logpush", "upload_source_maps", "observability",
        "access", "cache", "compliance_region", "python_modules", "previews",
    ]
    /// An environment has only its own.
    package static let notInheritable = [
        "vars", "secrets", "define", "durable_objects", "workflows", "kv_namespaces", "cloudchamber", "containers",
        "send_email", "queues", "connect", "r2_buckets", "d1_databases", "vectorize", "ai_search_namespaces",
        "ai_search", "websearch", "agent_memory", "hyperdrive", "services", "analytics_engine_datasets",
        "dispatch_namespaces", "mtls_certificates", "tail_consumers", "streaming_tail_consumers", "unsafe", "browser",
        "ai", "images", "stream", "media", "pipelines", "secrets_store_secrets", "artifacts", "unsafe_hello_world",
        "flagship", "worker_loaders", "ratelimits", "vpc_services", "vpc_networks", "version_metadata",
    ]
    package static let topLevelOnly = [
        "dev", "site", "alias", "wasm_modules", "text_blobs", "data_blobs", "send_metrics",
        "dependencies_instrumentation", "keep_vars", "addresses", "pages_build_output_dir", "env", "$schema",
        "configPath", "userConfigPath", "topLevelName", "definedEnvironments", "targetEnvironment",
    ]
    static let strings = ["account_id", "jsx_factory", "jsx_fragment", "tsconfig", "main", "base_dir"]
    static let booleans = [
        "find_additional_modules", "preserve_file_names", "workers_dev", "preview_urls", "no_bundle", "minify",
        "keep_names", "first_party_worker", "logpush", "upload_source_maps",
    ]
    /// Lists of objects that each need these texts, with the name that wrangler gives their kind.
    static let lists: [(field: String, title: String, required: [String], optional: [String])] = [
        ("kv_namespaces", "KV Namespace", ["binding"], ["id", "preview_id"]),
        ("send_email", "Send Email", ["name"], ["destination_address"]),
        (
            "d1_databases", "D1 Database", ["binding"],
            [
                "database_id", "database_name", "preview_database_id", "migrations_dir", "migrations_table",
                "migrations_pattern", "database_internal_env",
            ]
        ),
        ("vectorize", "Vectorize Index", ["binding", "index_name"], []),
        ("hyperdrive", "Hyperdrive Config", ["binding", "id"], ["localConnectionString"]),
        ("r2_buckets", "R2 Bucket", ["binding"], ["bucket_name", "preview_bucket_name", "jurisdiction"]),
        ("services", "Worker", ["binding", "service"], ["environment", "entrypoint"]),
        ("analytics_engine_datasets", "Analytics Engine Dataset", ["binding"], ["dataset"]),
        ("dispatch_namespaces", "Dispatch Namespace", ["binding"], ["namespace"]),
        ("mtls_certificates", "mTLS Certificate", ["binding", "certificate_id"], []),
        ("pipelines", "Pipeline", ["binding"], []),
        ("workflows", "Workflow", ["binding", "name", "class_name"], ["script_name"]),
        ("secrets_store_secrets", "Secrets Store Secret", ["binding", "store_id", "secret_name"], []),
        ("ratelimits", "Rate Limit", ["name", "namespace_id"], []),
        ("worker_loaders", "Worker Loader", ["binding"], []),
        ("vpc_services", "VPC Service", ["binding", "service_id"], []),
        ("vpc_networks", "VPC Network", ["binding"], []),
        ("ai_search_namespaces", "AI Search Namespace", ["binding"], []),
        ("ai_search", "AI Search Instance", ["binding"], []),
        ("agent_memory", "Agent Memory", ["binding"], []),
        ("flagship", "Flagship", ["binding"], []),
        ("artifacts", "Artifacts", ["binding"], []),
        ("unsafe_hello_world", "Hello World", ["binding"], []),
    ]
    static let singles: [(field: String, title: String)] = [
        ("browser", "Browser Run"), ("ai", "AI"), ("images", "Images"), ("stream", "Stream"), ("media", "Media"),
        ("version_metadata", "Worker Version Metadata"), ("websearch", "Web Search"),
    ]
    /// Keys that an entry of a list may have; others are named in a warning.
    static let knownEntryKeys: [String: Set<String>] = [
        "kv_namespaces": ["binding", "id", "preview_id", "remote"],
        "r2_buckets": ["binding", "bucket_name", "preview_bucket_name", "jurisdiction", "remote", "local_dev"],
        "d1_databases": [
            "binding", "database_id", "database_internal_env", "database_name", "migrations_dir", "migrations_pattern",
            "migrations_table", "preview_database_id", "remote",
        ],
        "ratelimits": ["name", "namespace_id", "simple"],
    ]
}
