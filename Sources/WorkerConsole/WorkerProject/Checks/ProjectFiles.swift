import FileWatching
import Glibc
import OperatingSystem
package import PythonSource
import WorkerDomain

/// The files of a project on disk: regular ones inside it, up to the size that a source may have.
package struct ProjectFiles: EntrypointFiles {
    /// The project's folder, and the folder of main, as absolute paths.
    package let project: String
    package let folder: String
    package let memo: SourceMemo?

    package init(project: String, folder: String, memo: SourceMemo? = nil) {
        self.project = project
        self.folder = folder
        self.memo = memo
    }

    package enum Problem: String, Sendable, Equatable {
        case missing = "it does not exist"
        case outside = "it is outside the project's folder"
        case notRegular = "it is not a regular file"
        case tooLarge = "it is larger than 4 MiB"
        case unreadable = "it cannot be read"
    }

    package func bytes(_ path: String) -> [UInt8]? { try? self.read(path).get() }

    /// Reads one file, or says what is wrong with it.
    package func read(_ path: String) -> Result<[UInt8], ProblemError> {
        let full = self.folder + "/" + path
        guard Self.isThere(full) else { return .failure(ProblemError(.missing)) }
        guard let real = Self.real(full), let root = Self.real(self.project) else {
            return .failure(ProblemError(.unreadable))
        }
        guard real.hasSameBytes(as: root) || real.utf8.starts(with: (root == "/" ? root : root + "/").utf8) else {
            return .failure(ProblemError(.outside))
        }
        do throws(BoundedFile.Problem) {
            return .success(try BoundedFile.read(real, limit: SourceText.limit))
        } catch {
            switch error {
            case .missing, .unreadable: return .failure(ProblemError(.unreadable))
            case .notRegular: return .failure(ProblemError(.notRegular))
            case .tooLarge: return .failure(ProblemError(.tooLarge))
            }
        }
    }

    private static func isThere(_ path: String) -> Bool {
        FileTrace.note(path)
        var status = stat()
        return stat(path, &status) == 0
    }

    /// The path without symbolic links.
    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    package struct ProblemError: Error, Sendable, Equatable {
        package let problem: Problem
        init(_ problem: Problem) { self.problem = problem }
    }

    package func isFolder(_ path: String) -> Bool {
        let full = self.folder + "/" + path
        FileTrace.note(full)
        var status = stat()
        return stat(full, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Top-level names in `python_modules/` (and `vendor/`), beside main or at the project's root.
    func vendoredPackages(readsVendorFolder: Bool) -> Set<String> {
        var names: Set<String> = []
        for root in Set([self.project, self.folder]) {
            for kind in readsVendorFolder ? ["python_modules", "vendor"] : ["python_modules"] {
                FileTrace.note(root + "/" + kind, listing: true)
                let entries = Folders.names(in: root + "/" + kind) ?? []
                for entry in entries.prefix(10_000) where !entry.hasSuffix(".dist-info") {
                    names.insert(entry.split(separator: ".").first.map(String.init) ?? entry)
                }
            }
        }
        return names
    }

    var declaresPackages: Bool {
        Set([self.project, self.folder]).contains { root in
            ["pyproject.toml", "requirements.txt"].contains { Self.isThere(root + "/" + $0) }
        }
    }
}
