// swift-tools-version:6.2
import PackageDescription

// `make fuzz` sets this: Tests/Fuzz then becomes a program for libFuzzer, and the proxy is built with its coverage
// counters. Everywhere else the same folder is a test target that replays the kept inputs.
let isFuzzing = Context.environment["WORKER_CONSOLE_FUZZ"] != nil

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// A library target whose folder is `Sources/WorkerConsole/<name>`.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/WorkerConsole/\(name)", swiftSettings: strict)
}

/// The tests of one module; `data` names folders of goldens and fixtures that are read by path, not compiled.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["TestSupport"],
        path: "Tests/\(name)Tests", exclude: data, swiftSettings: strict)
}

let package = Package(
    name: "WorkerConsole",
    products: [.executable(name: "worker-console", targets: ["worker-console"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.30.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.0.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", "3.0.0"..<"5.0.0"),
        .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", "0.2.0"..<"2.0.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.1.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift.git", from: "0.1.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    ],
    targets: [
        .target(
            name: "CNcurses", path: "Sources/CNcurses",
            cSettings: [.define("NCURSES_WIDECHAR", to: "1")],
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        module("WorkerDomain"),
        module("WorkerProject", ["WorkerDomain", tomlKit, subprocess]),
        module("TrafficJournal", ["WorkerDomain", deque, histogram]),
        module("ProxyCore", ["WorkerDomain", nioCore, nioPosix, nioTLS, nioSSL, logging]),
        module("ObjectStorage", ["WorkerDomain", grdb, crypto]),
        module("SQLStorage", ["WorkerDomain", grdb, "ObjectStorage"]),
        module("TerminalCanvas"),
        module("Widgets", ["TerminalCanvas"]),
        module("ConsoleUI", ["WorkerDomain", "TrafficJournal", "TerminalCanvas", "Widgets"]),
        module("TerminalDriver", ["CNcurses", "TerminalCanvas"]),
        module(
            "Application",
            [
                "WorkerDomain", "WorkerProject", "TrafficJournal", "ProxyCore", "ObjectStorage", "SQLStorage",
                "TerminalCanvas", "Widgets", "ConsoleUI", "TerminalDriver", argumentParser, lifecycle, unixSignals,
                logging, nioCore, nioPosix, grdb,
            ]),
        .executableTarget(
            name: "worker-console", dependencies: ["Application"], path: "Sources/WorkerConsole/App",
            swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["WorkerDomain", "TerminalCanvas"], path: "Tests/Support",
            swiftSettings: strict),
        .target(
            name: "TestOrigin", dependencies: ["WorkerDomain", nioCore, nioPosix], path: "Tests/Origin",
            swiftSettings: strict),
        tests("WorkerDomain", ["WorkerDomain"]),
        tests("TerminalCanvas", ["TerminalCanvas"], data: ["Golden"]),
        tests("Widgets", ["Widgets", "TerminalCanvas"], data: ["Golden"]),
        tests("TerminalDriver", ["TerminalDriver", "TerminalCanvas", "CNcurses"]),
        tests("TrafficJournal", ["TrafficJournal", "WorkerDomain"]),
        tests("ProxyCore", ["ProxyCore", "WorkerDomain", "TestOrigin", nioCore, nioPosix], data: ["Fixtures"]),
        tests("Differential", ["ProxyCore", "WorkerDomain", "TestOrigin"], data: ["Corpus"]),
        tests("WorkerProject", ["WorkerProject", "WorkerDomain"], data: ["Fixtures"]),
        tests("ObjectStorage", ["ObjectStorage", "WorkerDomain", grdb, crypto], data: ["Fixtures"]),
        tests("SQLStorage", ["SQLStorage", "ObjectStorage", "WorkerDomain", grdb], data: ["Fixtures"]),
        tests(
            "ConsoleUI", ["ConsoleUI", "Widgets", "TerminalCanvas", "TrafficJournal", "WorkerDomain"],
            data: ["Golden"]),
        tests(
            "Application",
            [
                "Application", "ObjectStorage", "ProxyCore", "TrafficJournal", "WorkerDomain", "WorkerProject",
                "ConsoleUI", "TerminalCanvas", "TerminalDriver", "TestOrigin", argumentParser, lifecycle,
            ]),
        tests("Terminal", [subprocess, "worker-console"]),
    ],
    swiftLanguageModes: [.v6]
)

let fuzzDependencies: [Target.Dependency] = [
    "ProxyCore", "WorkerDomain", nioCore, nioEmbedded, logging,
]
if isFuzzing {
    let counters = SwiftSetting.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])
    for target in package.targets where target.name == "ProxyCore" { target.swiftSettings?.append(counters) }
    package.targets.append(
        .executableTarget(
            name: "proxy-fuzz", dependencies: fuzzDependencies, path: "Tests/Fuzz",
            exclude: ["Corpus", "CorpusTests.swift"],
            swiftSettings: strict + [counters, .unsafeFlags(["-parse-as-library"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
} else {
    package.targets.append(
        .testTarget(
            name: "FuzzTests", dependencies: fuzzDependencies, path: "Tests/Fuzz",
            exclude: ["Corpus", "FuzzEntry.swift"],
            swiftSettings: strict))
}
