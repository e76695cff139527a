import Glibc

/// The folders that programs are looked for in; relative ones are left out, because the project's own files must not be
/// run.
package struct SearchPath: Sendable, Equatable {
    private static let folderLimit = 200

    /// As `PATH` has it.
    package let text: String

    package init(_ text: String) {
        self.text = text.split(separator: ":").filter { $0.hasPrefix("/") }.prefix(Self.folderLimit)
            .joined(separator: ":")
    }

    /// The first program of this name; `nil` when there is none that may be run.
    package func find(_ name: String) -> String? {
        for folder in self.text.split(separator: ":") {
            let path = "\(folder)/\(name)"
            if BoundedFile.exists(path), access(path, X_OK) == 0 { return path }
        }
        return nil
    }
}
