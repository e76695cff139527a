import FoundationEssentials
import SQLite

/// The folder in which `wrangler dev` keeps what the Worker's bindings have stored.
package struct MiniflareState: Sendable, Equatable {
    /// A database file that belongs to none of the bindings.
    package struct Orphan: Sendable, Equatable {
        package let kind: MiniflareIdentity.Kind
        package let path: String
        /// Main file and write-ahead log together.
        package let bytes: Int64
    }

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
            let exists = GuestFiles.kind(of: database) != .missing
            return Location(name: name, database: database, blobs: self.blobs(kind, name: name), exists: exists)
        }
        return locations.first { $0.exists } ?? locations.first
    }

    /// Database files that none of the names leads to, in order of kind and file name.
    ///
    /// `known` holds every candidate name of every binding.
    package func orphans(known: [MiniflareIdentity.Kind: [String]]) -> [Orphan] {
        MiniflareIdentity.Kind.allCases.flatMap { kind -> [Orphan] in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: self.folder(kind))) ?? []
            // The cache belongs to no binding; its default store is always there.
            let expected = (known[kind] ?? []) + (kind == .cache ? ["default"] : [])
            let files = Set(expected.map { MiniflareIdentity.identifier(kind, name: $0) + ".sqlite" })
            return names.filter { $0.hasSuffix(".sqlite") && $0 != "metadata.sqlite" && !files.contains($0) }
                .sorted()
                .map { Orphan(kind: kind, path: "\(self.folder(kind))/\($0)", bytes: self.bytes(of: $0, kind)) }
        }
    }

    func folder(_ kind: MiniflareIdentity.Kind) -> String {
        "\(self.root)/\(kind.rawValue)/\(kind.uniqueKey)"
    }

    private func bytes(of file: String, _ kind: MiniflareIdentity.Kind) -> Int64 {
        GuestFiles(path: "\(self.folder(kind))/\(file)").bytes
    }
}
