package import WorkerDomain

extension ObjectPage {
    /// The objects alone, in the store's order.
    package var objects: [StoredObject] {
        self.entries.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }

    /// The collapsed prefixes alone, in the store's order.
    package var prefixes: [String] {
        self.entries.compactMap { if case .prefix(let prefix) = $0 { prefix } else { nil } }
    }
}
