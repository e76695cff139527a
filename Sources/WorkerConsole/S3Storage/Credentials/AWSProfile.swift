import Glibc

/// One profile of `~/.aws/credentials` and `~/.aws/config`
/// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
package struct AWSProfile: Sendable, Equatable {
    package let name: String
    private let values: [String: String]

    /// Larger files are not read.
    private static let largestFile = 1 << 20

    package init(name: String, values: [String: String]) {
        self.name = name
        self.values = values
    }

    package var credentials: S3Credentials? {
        guard let key = self.values["aws_access_key_id"], let secret = self.values["aws_secret_access_key"] else {
            return nil
        }
        return S3Credentials(accessKey: key, secretKey: secret, sessionToken: self.values["aws_session_token"])
    }

    package var region: String? { self.values["region"] }
    package var endpoint: String? { self.values["endpoint_url"] }

    /// Reads a profile.
    /// - Parameters:
    ///   - name: `nil` for the one that `AWS_PROFILE` names, or `default`.
    ///   - environment: Of the process.
    /// - Returns: `nil` when neither file has it.
    package static func read(_ name: String?, environment: [String: String]) -> AWSProfile? {
        let name = name ?? environment["AWS_PROFILE"] ?? "default"
        let files = Self.files(environment)
        var values: [String: String] = [:]
        var isFound = false
        for (path, isConfiguration) in [(files.configuration, true), (files.credentials, false)] {
            let sections = Self.sections(of: Self.text(of: path))
            let title = isConfiguration && name != "default" ? "profile \(name)" : name
            guard let section = sections[title] ?? (isConfiguration ? sections["profile \(name)"] : nil) else {
                continue
            }
            isFound = true
            // The credentials file counts before the other.
            values.merge(section) { $1 }
        }
        return isFound ? AWSProfile(name: name, values: values) : nil
    }

    /// Where the two files are.
    package static func files(_ environment: [String: String]) -> (credentials: String, configuration: String) {
        let home = environment["HOME"] ?? ""
        return (
            environment["AWS_SHARED_CREDENTIALS_FILE"] ?? home + "/.aws/credentials",
            environment["AWS_CONFIG_FILE"] ?? home + "/.aws/config"
        )
    }

    /// The sections of an INI text, each with its keys in lowercase; nested values are left out.
    static func sections(of text: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var current: String?
        for line in text.split(whereSeparator: \.isNewline) {
            // What is indented belongs to a nested value.
            if line.first == " " || line.first == "\t" { continue }
            let line = Self.trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("[") {
                guard let end = line.firstIndex(of: "]") else {
                    current = nil
                    continue
                }
                let title = line[line.index(after: line.startIndex)..<end]
                    .split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
                current = title.replacing("\"", with: "")
                if let current, sections[current] == nil { sections[current] = [:] }
            } else if let current, let equals = line.firstIndex(of: "=") {
                let key = Self.trimmed(line[..<equals]).lowercased()
                var value = Self.trimmed(line[line.index(after: equals)...])
                if let comment = value.firstRange(of: " #") ?? value.firstRange(of: " ;") {
                    value = Self.trimmed(value[..<comment.lowerBound])
                }
                sections[current]?[key] = String(value)
            }
        }
        return sections
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    /// Empty for a file that is not there or is not a file.
    private static func text(of path: String) -> String {
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largestFile else {
            return ""
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.largestFile) { buffer, count in
            while count < buffer.count {
                let got = Glibc.read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if got <= 0 { break }
                count += got
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
