package import WorkerDomain

/// What an adapter needs to know to open a bucket.
package struct ObjectStoreSource: Sendable {
    /// Where the adapter finds its buckets: for `local` the folder of the project.
    package let place: String
    /// Names that the bucket may have there, best first.
    package let names: [String]

    package init(place: String, names: [String]) {
        self.place = place
        self.names = names
    }
}

/// Every kind of bucket that a configuration can name. Adding one: a new file beside this one, and its line here.
package enum ObjectStores {
    package static let all: [String: @Sendable (ObjectStoreSource) -> any ObjectStore] = [
        "local": { MiniflareBucketStore(state: MiniflareState(projectFolder: $0.place), candidates: $0.names) }
    ]
}
