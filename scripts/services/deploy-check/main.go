// Checks what stands in deploy/ and beside it with the code that the programs which read it are made of: compose files
// with the loader of "docker compose config", Dockerfiles with BuildKit's parser, instructions and linter, metrics with
// the linter of "promtool check metrics". Says on stdout, as JSON, what it read; exit code 1 with what is wrong on
// stderr.
//
// usage: deploy-check compose FILE [PROFILE…] | dockerfile FILE | metrics FILE
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: deploy-check compose FILE [PROFILE…] | dockerfile FILE | metrics FILE")
		os.Exit(2)
	}
	checks := map[string]func(string, []string) (any, error){
		"compose": compose, "dockerfile": dockerfile, "metrics": metrics,
	}
	check, known := checks[os.Args[1]]
	if !known {
		fmt.Fprintf(os.Stderr, "deploy-check: there is no check %q\n", os.Args[1])
		os.Exit(2)
	}
	found, err := check(os.Args[2], os.Args[3:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}

func compose(file string, profiles []string) (any, error) {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithDotEnv, cli.WithProfiles(profiles), cli.WithInterpolation(true))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(context.Background())
}

type stage struct {
	Name  string   `json:"name"`
	Base  string   `json:"base"`
	Steps []string `json:"steps"`
	Runs  []string `json:"runs"`
}

func dockerfile(file string, _ []string) (any, error) {
	text, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer text.Close()
	parsed, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	var complaints []error
	lint := linter.New(&linter.Config{Warn: func(rule, description, url, message string, at []parser.Range) {
		complaints = append(complaints, fmt.Errorf("%s: %s", rule, message))
	}})
	for _, warning := range parsed.Warnings {
		complaints = append(complaints, errors.New(warning.Short))
	}
	stages, _, err := instructions.Parse(parsed.AST, lint)
	if err != nil {
		return nil, err
	}
	if len(complaints) > 0 {
		return nil, errors.Join(complaints...)
	}
	found := []stage{}
	for _, one := range stages {
		s := stage{Name: one.Name, Base: one.BaseName, Steps: []string{}, Runs: []string{}}
		for _, command := range one.Commands {
			s.Steps = append(s.Steps, fmt.Sprint(command))
			if run, is := command.(*instructions.RunCommand); is {
				s.Runs = append(s.Runs, run.CmdLine...)
			}
		}
		found = append(found, s)
	}
	return found, nil
}

func metrics(file string, _ []string) (any, error) {
	text, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer text.Close()
	problems, err := promlint.New(text).Lint()
	if err != nil {
		return nil, err
	}
	complaints := []error{}
	for _, problem := range problems {
		complaints = append(complaints, fmt.Errorf("%s: %s", problem.Metric, problem.Text))
	}
	return len(complaints), errors.Join(complaints...)
}
