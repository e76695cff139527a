import SQLite

/// The folder in which `wrangler dev` keeps what the Worker's bindings have stored.
package struct MiniflareState: Sendable, Equatable {
    /// The file of one binding.
    package struct Location: Sendable, Equatable {
        /// The name that the file is computed from; one of the candidates.
        package let name: String
        package let database: String
        package let blobs: String
        /// False when none of the candidates has a file yet; the others then tell where it will be.
        package let exists: Bool
    }

    /// The folder `v3`.
    package let root: String

    /// - Parameter root: The folder `v3` itself.
    package init(root: String) {
        self.root = root
    }

    /// `.wrangler/state/v3` of a project, where `wrangler dev` keeps its state by default.
    package init(projectFolder: String) {
        self.init(root: projectFolder + "/.wrangler/state/v3")
    }

    /// The folder that `wrangler dev --persist-to` was given.
    package init(persistTo folder: String) {
        self.init(root: folder + "/v3")
    }

    /// Where the database of `name` is or will be.
    package func database(_ kind: MiniflareIdentity.Kind, name: String) -> String {
        "\(self.folder(kind))/\(MiniflareIdentity.identifier(kind, name: name)).sqlite"
    }

    /// Where the blobs of `name` are or will be.
    package func blobs(_ kind: MiniflareIdentity.Kind, name: String) -> String {
        "\(self.root)/\(kind.rawValue)/\(MiniflareIdentity.sanitised(name))/blobs"
    }

    /// Finds the first of the candidate names that has a file.
    ///
    /// They are given in wrangler's order: preview id or name, id or name, binding.
    /// - Returns: `nil` without candidates; the place of the first one when none has a file.
    package func locate(_ kind: MiniflareIdentity.Kind, candidates: [String]) -> Location? {
        let locations = candidates.map { name in
            let database = self.database(kind, name: name)
            let exists = GuestDatabase(path: database).exists
            return Location(name: name, database: database, blobs: self.blobs(kind, name: name), exists: exists)
        }
        return locations.first { $0.exists } ?? locations.first
    }

    func folder(_ kind: MiniflareIdentity.Kind) -> String {
        "\(self.root)/\(kind.rawValue)/\(kind.uniqueKey)"
    }
}
