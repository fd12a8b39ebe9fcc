import ArgumentParser

@main struct Shuzhi: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shuzhi", abstract: "The system a district runs its digital transformation on.")
}
