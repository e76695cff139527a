import Foundation
import TestSupport
import Testing

/// What `wrangler dev` left, unpacked once for all tests of this process.
enum WranglerState {
    static let versions = ["4.56.0", "4.164.0"]

    private static let roots: [String: String] = {
        var roots: [String: String] = [:]
        for version in Self.versions { roots[version] = try? Self.unpack(version) }
        atexit { WranglerState.remove() }
        return roots
    }()

    /// The project folder above `.wrangler` of one version; shared, so never written to.
    static func project(_ version: String) throws -> String {
        try #require(self.roots[version], "tar could not unpack the state of wrangler \(version)")
    }

    private static func remove() {
        for root in self.roots.values { try? FileManager.default.removeItem(atPath: root) }
    }

    /// A copy of one version's project folder that the caller may change.
    static func unpack(_ version: String) throws -> String {
        let folder = try temporaryFolder()
        try self.run(["tar", "-xzf", "\(Fixtures.folder())/state-wrangler-\(version).tar.gz", "-C", folder])
        return folder
    }

    private static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(words.joined(separator: " "))")
    }
}
