import Foundation

/// The files of a project on disk: regular ones inside it, up to the size that a source may have.
package struct ProjectFiles: EntrypointFiles {
    /// The project's folder, and the folder of main, as absolute paths.
    package let project: String
    package let folder: String

    package init(project: String, folder: String) {
        self.project = project
        self.folder = folder
    }

    package enum Problem: String, Sendable, Equatable {
        case missing = "it does not exist"
        case outside = "it is outside the project's folder"
        case notRegular = "it is no regular file"
        case tooLarge = "it is larger than 4 MiB"
        case unreadable = "it cannot be read"
    }

    package func bytes(_ path: String) -> [UInt8]? { try? self.read(path).get() }

    /// Reads one file, or says what is wrong with it.
    package func read(_ path: String) -> Result<[UInt8], ProblemError> {
        let url = URL(fileURLWithPath: self.folder + "/" + path)
        let real = url.resolvingSymlinksInPath().standardizedFileURL.path
        let root = URL(fileURLWithPath: self.project).resolvingSymlinksInPath().standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: url.path) else { return .failure(ProblemError(.missing)) }
        guard real == root || real.hasPrefix(root == "/" ? root : root + "/") else {
            return .failure(ProblemError(.outside))
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: real) else {
            return .failure(ProblemError(.unreadable))
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            return .failure(ProblemError(.notRegular))
        }
        guard let size = attributes[.size] as? Int, size <= SourceText.limit else {
            return .failure(ProblemError(.tooLarge))
        }
        // Bounded, in case the file grows between the two calls.
        guard let handle = FileHandle(forReadingAtPath: real) else { return .failure(ProblemError(.unreadable)) }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: SourceText.limit + 1) ?? Data() else {
            return .failure(ProblemError(.unreadable))
        }
        return .success([UInt8](data))
    }

    package struct ProblemError: Error, Sendable, Equatable {
        package let problem: Problem
        init(_ problem: Problem) { self.problem = problem }
    }

    package func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: self.folder + "/" + path, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue
    }

    /// Top-level names in `python_modules/` (and `vendor/`), beside main or at the project's root.
    func vendoredPackages(readsVendorFolder: Bool) -> Set<String> {
        var names: Set<String> = []
        for root in Set([self.project, self.folder]) {
            for kind in readsVendorFolder ? ["python_modules", "vendor"] : ["python_modules"] {
                let entries = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + kind)) ?? []
                for entry in entries.prefix(10_000) where !entry.hasSuffix(".dist-info") {
                    names.insert(entry.split(separator: ".").first.map(String.init) ?? entry)
                }
            }
        }
        return names
    }

    var declaresPackages: Bool {
        Set([self.project, self.folder]).contains { root in
            ["pyproject.toml", "requirements.txt"].contains { FileManager.default.fileExists(atPath: root + "/" + $0) }
        }
    }
}
