package import WorkerDomain

/// How one kind of binding stands in a wrangler file.
package struct BindingKind: Sendable {
    /// wrangler's key of the list.
    package let field: String
    package let kind: Binding.Kind
    /// Keys of the names of local data, the one that wrangler uses first.
    package let identityFields: [String]
    package let resourceField: String?
    package let identifierField: String?

    /// - Returns: `nil` when the entry has no usable name.
    package func identity(of entry: ConfigurationValue) -> LocalIdentity? {
        guard let name = entry["binding"]?.string, !name.isEmpty else { return nil }
        let binding = Binding(
            name: name, kind: self.kind, resource: self.resourceField.flatMap { entry[$0]?.string },
            identifier: self.identifierField.flatMap { entry[$0]?.string })
        let names = self.identityFields.compactMap { entry[$0]?.string } + [name]
        return LocalIdentity(binding: binding, candidates: names, isRemote: entry["remote"]?.bool ?? false)
    }
}

/// Every kind of binding that has local data. Adding one: an entry here.
package enum BindingKinds {
    package static let all: [BindingKind] = [
        BindingKind(
            field: "d1_databases", kind: .d1, identityFields: ["preview_database_id", "database_id"],
            resourceField: "database_name", identifierField: "database_id"),
        BindingKind(
            field: "r2_buckets", kind: .r2, identityFields: ["preview_bucket_name", "bucket_name"],
            resourceField: "bucket_name", identifierField: nil),
        BindingKind(
            field: "kv_namespaces", kind: .kv, identityFields: ["preview_id", "id"], resourceField: nil,
            identifierField: "id"),
    ]
}
